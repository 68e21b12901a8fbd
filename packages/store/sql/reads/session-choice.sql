    ({client:String} = '' OR client_name = {client:String})
    AND ({user:String} = '' OR user_id = {user:String})
    AND ({identified:String} = '' OR (user_id != '') = ({identified:String} = 'yes'))
    AND ({source:String} = '' OR source = {source:String})
    AND ({goal:String} = '' OR session_id IN
        (SELECT session_id FROM session_goals FINAL WHERE project = {project:String} AND category = {goal:String}))
    -- A text index answers what is written out; three words narrow it down enough.
    AND ({like_1:String} = '' OR search LIKE {like_1:String})
    AND ({like_2:String} = '' OR search LIKE {like_2:String})
    AND ({like_3:String} = '' OR search LIKE {like_3:String})
    AND (empty({words:Array(String)}) OR arrayAll(word -> position(search, word) > 0, {words:Array(String)}))
