  AND client_name = {client:String} -- when client
  AND user_id = {user:String} -- when user
  AND (user_id != '') = ({identified:String} = 'yes') -- when identified
  AND source = {source:String} -- when source
  AND session_id IN (SELECT session_id FROM session_goals FINAL WHERE project = {project:String} AND category = {goal:String}) -- when goal
  -- A text index answers what is written out; further words are looked for in the text.
  AND search LIKE {search_1:String} -- when search_1
  AND search LIKE {search_2:String} -- when search_2
  AND search LIKE {search_3:String} -- when search_3
  AND arrayAll(word -> position(search, word) > 0, {search_words:Array(String)}) -- when search_words
