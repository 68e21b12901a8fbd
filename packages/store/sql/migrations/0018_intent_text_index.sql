-- The same for single events.
ALTER TABLE events ADD INDEX IF NOT EXISTS intent_text lower(intent) TYPE text(tokenizer = 'splitByNonAlpha');
