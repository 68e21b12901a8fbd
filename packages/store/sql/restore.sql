RESTORE DATABASE default FROM File({folder:String})
