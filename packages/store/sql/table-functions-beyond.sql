SELECT name FROM system.table_functions WHERE NOT allow_readonly
