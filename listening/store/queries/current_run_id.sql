-- at most one row: the id of the latest synthesis
SELECT id FROM current_run
