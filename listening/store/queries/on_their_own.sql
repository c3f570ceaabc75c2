-- one row per utterance on its own now, those that stand furthest from any theme first
SELECT said.id, said.text, voice.shown AS voice, cluster.theme_id AS nearest_theme, fate.nearness, said.corrected_by
FROM fate
JOIN said ON said.id = fate.utterance_id
JOIN voice ON voice.id = said.voice_id
LEFT JOIN cluster ON cluster.id = fate.nearest_cluster_id
WHERE fate.fate = 'on_its_own'
ORDER BY fate.nearness NULLS FIRST, said.id
