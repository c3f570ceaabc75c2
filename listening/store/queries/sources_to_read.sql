-- one row per source that has no transcript yet, oldest first
SELECT source.id
FROM source
ANTI JOIN transcript ON transcript.source_id = source.id
ORDER BY source.received_at, source.id
