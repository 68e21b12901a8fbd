  AND (toUnixTimestamp64Nano(ts), event_id) < ({cursor_value:Int64}, {cursor_id:String})
