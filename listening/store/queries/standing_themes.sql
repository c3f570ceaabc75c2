-- one row per utterance that the latest synthesis grouped, left on its own, or that was placed since: its theme, if any
SELECT standing.utterance_id, cluster.theme_id
FROM standing LEFT JOIN cluster ON cluster.id = standing.cluster_id
ORDER BY standing.utterance_id
