-- one row per erasure whose old files may still be there
SELECT id FROM erasure WHERE NOT finished
