-- In the background; what is not indexed yet is read.
ALTER TABLE events
    MATERIALIZE INDEX event_id_index,
    MATERIALIZE INDEX scope_index,
    MATERIALIZE INDEX trace_id_index,
    MATERIALIZE INDEX fingerprint_index
SETTINGS mutations_sync = 0
