BACKUP DATABASE default TO File({folder:String})
