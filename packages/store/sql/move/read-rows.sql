-- One of several equal shares of a project's rows, by a column that identifies them.
SELECT *
FROM {table:Identifier} FINAL
WHERE project = {project:String} AND cityHash64({column:Identifier}) % {shares:UInt32} = {share:UInt32}
