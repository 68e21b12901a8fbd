INSERT INTO {table:Identifier} SELECT * FROM restoring.{table:Identifier}
