-- one row per source of a kind that was read, oldest first, less the one with this content
SELECT source.id, sha256, media, suffix, name, size, about, received_at
FROM source
JOIN transcript ON transcript.source_id = source.id
WHERE media = $media AND sha256 <> $sha256
ORDER BY received_at, source.id
