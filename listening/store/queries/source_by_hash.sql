-- at most one row: the source with this content
SELECT id, sha256, media, suffix, name, size, about, received_at FROM source WHERE sha256 = $sha256
