-- one row per synthesis and theme that it found: its voices and utterances then
SELECT
    cluster.run_id,
    cluster.theme_id,
    count(DISTINCT said.voice_id) AS voices,
    count(*) AS utterances
FROM cluster
JOIN membership ON membership.cluster_id = cluster.id
JOIN said ON said.id = membership.utterance_id
GROUP BY cluster.run_id, cluster.theme_id
