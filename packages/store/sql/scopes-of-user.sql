-- The scopes in which some event names the user.
SELECT DISTINCT scope FROM strands WHERE project = {project:String} AND user_id = {user:String}
