-- one row per decision, theme, utterance, conversation and voice that hang together with this id
SELECT decision_id, theme_id, utterance_id, conversation_id, voice_id
FROM chain
WHERE $id IN (decision_id, theme_id, utterance_id, conversation_id, voice_id)
ORDER BY ALL NULLS LAST
