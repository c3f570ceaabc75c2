-- one row per recording of which less could be read than it says there is
SELECT source.name, hearing.read_ms, hearing.declared_ms
FROM hearing
JOIN transcript ON transcript.id = hearing.transcript_id
JOIN source ON source.id = transcript.source_id
WHERE hearing.declared_ms IS NOT NULL
ORDER BY source.name, source.id
