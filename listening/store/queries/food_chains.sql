-- one row per chain that somebody started, oldest first
SELECT id, name, aim, starter_id, signed, started_at FROM food_chain ORDER BY started_at, id
