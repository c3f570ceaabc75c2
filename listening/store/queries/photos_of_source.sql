-- one row per picture that this source was typed up from
SELECT source_id, sha256, suffix, name, size, received_at FROM photo WHERE source_id = $source_id ORDER BY received_at
