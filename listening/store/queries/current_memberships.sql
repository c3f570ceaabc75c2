-- one row per theme of the latest synthesis: its utterances then, whatever became of them since
SELECT cluster.theme_id, list(membership.utterance_id ORDER BY membership.utterance_id)
FROM cluster
JOIN current_run ON current_run.id = cluster.run_id
JOIN membership ON membership.cluster_id = cluster.id
GROUP BY cluster.theme_id
ORDER BY cluster.theme_id
