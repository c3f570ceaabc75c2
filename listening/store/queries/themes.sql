-- one row per theme that has utterances now: most voices first, its exemplars in order, then its firmest members
SELECT
    fate.theme_id AS id,
    count(DISTINCT said.voice_id) AS voices,
    list(said.id ORDER BY exemplar.rank NULLS LAST, fate.strength DESC, said.id) AS utterances,
    coalesce(list(said.id ORDER BY exemplar.rank) FILTER (WHERE exemplar.rank IS NOT NULL), []) AS exemplars,
    avg(fate.strength) AS strength,
    any_value(cluster.survival) AS survival
FROM fate
JOIN said ON said.id = fate.utterance_id
JOIN cluster ON cluster.id = fate.cluster_id
LEFT JOIN exemplar ON exemplar.cluster_id = fate.cluster_id AND exemplar.utterance_id = said.id
WHERE fate.fate = 'in_theme'
GROUP BY fate.theme_id
ORDER BY voices DESC, any_value(cluster.ordinal), fate.theme_id
