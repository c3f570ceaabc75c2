-- one row per utterance and synthesis; where another program was quicker, its placing stays
INSERT INTO placement (based_on_run_id, utterance_id, run_id, cluster_id, strength, nearest_cluster_id, nearness)
SELECT
    $based_on_run_id, unnest($utterance_id), $run_id, unnest($cluster_id), unnest($strength),
    unnest($nearest_cluster_id), unnest($nearness)
ON CONFLICT DO NOTHING
