-- at most one row: the cluster in which this theme has words now
SELECT any_value(fate.cluster_id) AS cluster_id
FROM fate
WHERE fate.theme_id = $theme_id AND fate.fate = 'in_theme'
HAVING count(*) > 0
