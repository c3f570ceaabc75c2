-- one row per source, latest received first: whether it is read, and why it could not be
SELECT
    source.id,
    source.name,
    source.media,
    source.size,
    source.received_at,
    transcript.id IS NOT NULL AS is_read,
    any_value(failure.reason) AS reason
FROM source
LEFT JOIN transcript ON transcript.source_id = source.id
LEFT JOIN failure ON failure.sha256 = source.sha256
GROUP BY ALL
ORDER BY source.received_at DESC, source.id
LIMIT $most
