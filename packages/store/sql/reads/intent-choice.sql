    intent != ''
    AND ({like_1:String} = '' OR lower(intent) LIKE {like_1:String})
    AND ({like_2:String} = '' OR lower(intent) LIKE {like_2:String})
    AND ({like_3:String} = '' OR lower(intent) LIKE {like_3:String})
    AND (empty({words:Array(String)}) OR arrayAll(word -> position(lower(intent), word) > 0, {words:Array(String)}))
