-- intent_text took its place.
ALTER TABLE events DROP INDEX IF EXISTS intent_index;
