-- Hashes of all scopes that have strands, as names of `seen-keys.ts`.
SELECT DISTINCT CRC32(concat(project, '\n', scope)) AS hash FROM strands
