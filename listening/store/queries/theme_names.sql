-- one row per theme there ever was: the words that named it last, unless they were withdrawn or are held
SELECT cluster.theme_id, first(said.text ORDER BY run.started_at DESC, exemplar.rank, said.id) AS name
FROM exemplar
JOIN cluster ON cluster.id = exemplar.cluster_id
JOIN run ON run.id = cluster.run_id
JOIN said ON said.id = exemplar.utterance_id
ANTI JOIN kept_out ON kept_out.utterance_id = said.id
GROUP BY cluster.theme_id
