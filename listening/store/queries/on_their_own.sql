-- one row per utterance on its own now, those that stand furthest from any theme first
SELECT utterance.id, utterance.text, voice.shown AS voice, cluster.theme_id AS nearest_theme, fate.nearness
FROM fate
JOIN utterance ON utterance.id = fate.utterance_id
JOIN voice ON voice.id = utterance.voice_id
LEFT JOIN cluster ON cluster.id = fate.nearest_cluster_id
WHERE fate.fate = 'on_its_own'
ORDER BY fate.nearness NULLS FIRST, utterance.id
