-- one row per thing that somebody asked to withdraw and that is not erased yet
SELECT DISTINCT id FROM to_erase ORDER BY id
