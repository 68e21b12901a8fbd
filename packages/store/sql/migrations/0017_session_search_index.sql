-- Search over all time: which sessions have a word is looked up, not read from their texts.
ALTER TABLE sessions ADD INDEX IF NOT EXISTS search_text search TYPE text(tokenizer = 'splitByNonAlpha');
