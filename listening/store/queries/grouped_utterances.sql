-- one row per utterance that the latest synthesis looked at
SELECT membership.utterance_id
FROM membership
JOIN cluster ON cluster.id = membership.cluster_id
JOIN current_run ON current_run.id = cluster.run_id
UNION ALL
SELECT on_its_own.utterance_id FROM on_its_own JOIN current_run ON current_run.id = on_its_own.run_id
