RESTORE DATABASE default AS restoring FROM File({folder:String})
SETTINGS allow_different_database_def = 1
