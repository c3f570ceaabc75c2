-- one row per source that began one of these conversations, or is a further part of one
SELECT DISTINCT source.id, sha256, media, suffix, name, size, about, received_at
FROM source
LEFT JOIN conversation ON conversation.source_id = source.id
WHERE conversation.id IN (SELECT unnest($ids)) OR json_extract_string(about, '$.part_of') IN (SELECT unnest($ids))
ORDER BY source.received_at, source.id
