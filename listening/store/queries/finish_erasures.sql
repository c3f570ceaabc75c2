-- one row per erasure: the old files are gone
UPDATE erasure SET finished = true WHERE NOT finished
