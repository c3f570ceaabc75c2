-- one row per source with one of these ids
SELECT id, sha256, media, suffix, name, size, about, received_at
FROM source WHERE id IN (SELECT unnest($ids)) ORDER BY received_at, id
