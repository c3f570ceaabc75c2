-- one row per erasure, oldest first
SELECT id FROM erasure ORDER BY erased_at, id
