-- at most one row: the cluster in which this theme was last seen
SELECT cluster.id
FROM cluster JOIN run ON run.id = cluster.run_id
WHERE cluster.theme_id = $theme_id
ORDER BY run.started_at DESC, run.id DESC
LIMIT 1
