-- one row per step of every link, in the order in which it happened
SELECT link_id, step, source_id, signed, happened_at FROM link_event ORDER BY happened_at, rowid
