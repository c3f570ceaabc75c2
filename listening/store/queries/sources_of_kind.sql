-- one row per source of a kind, oldest first, less the one with this content
SELECT id, sha256, media, suffix, name, size, about, received_at
FROM source
WHERE media = $media AND sha256 <> $sha256
ORDER BY received_at, id
