  -- A text index answers what is written out, and the intents are not read.
  AND intent != '' -- when any_intent
  AND lower(intent) LIKE {like_1:String} -- when like_1
  AND lower(intent) LIKE {like_2:String} -- when like_2
  AND lower(intent) LIKE {like_3:String} -- when like_3
  AND arrayAll(word -> position(lower(intent), word) > 0, {words:Array(String)}) -- when words
