-- one row per decision, theme, utterance, conversation and voice that hang together, those of words kept out left out
SELECT chain.decision_id, chain.theme_id, chain.utterance_id, chain.conversation_id, chain.voice_id
FROM chain ANTI JOIN kept_out ON kept_out.utterance_id = chain.utterance_id
ORDER BY ALL NULLS LAST
