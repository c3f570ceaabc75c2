-- at most one row: the source with this id
SELECT id, sha256, media, suffix, name, size, about, received_at FROM source WHERE id = $id
