    ({client:String} = '' OR client_name = {client:String})
    AND ({user:String} = '' OR user_id = {user:String})
    AND ({identified:String} = '' OR (user_id != '') = ({identified:String} = 'yes'))
    AND ({source:String} = '' OR source = {source:String})
    AND ({goal:String} = '' OR session_id IN
        (SELECT session_id FROM session_goals FINAL WHERE project = {project:String} AND category = {goal:String}))
    -- A text index answers what is written out; further words are looked for in the text.
    AND ({search_1:String} = '' OR search LIKE {search_1:String})
    AND ({search_2:String} = '' OR search LIKE {search_2:String})
    AND ({search_3:String} = '' OR search LIKE {search_3:String})
    AND (empty({search_words:Array(String)}) OR arrayAll(word -> position(search, word) > 0, {search_words:Array(String)}))
