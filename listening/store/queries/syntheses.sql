-- one row per full synthesis, oldest first
SELECT id, started_at FROM run WHERE stage = 'synthesise' ORDER BY started_at, id
