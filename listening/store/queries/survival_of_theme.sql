-- at most one row: how often the latest cluster of this theme came out again
SELECT cluster.survival
FROM cluster JOIN current_run ON current_run.id = cluster.run_id
WHERE cluster.theme_id = $theme_id
