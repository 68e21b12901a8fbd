-- Events of the period that the filters choose, each once. A call that client and server both reported
-- is the server's: a client's event counts only when no server's event names it as its parent. An event
-- whose error was not fingerprinted belongs with those that failed in the same place with the same type.
SELECT
    *,
    method = 'tools/call' AS is_call,
    method = 'tools/call' AND is_error AS is_failed_call,
    if(error_fingerprint != '', error_fingerprint,
       concat('v0:', lower(hex(sipHash128(toString(server_name), toString(method), target, toString(error_type)))))) AS fingerprint
FROM events FINAL
WHERE
@reads/event-choice
