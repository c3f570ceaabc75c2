-- one row per decision: how many voices and utterances it rests on, those that were withdrawn left out
SELECT decision_utterance.decision_id, count(DISTINCT utterance.voice_id) AS voices, count(*) AS utterances
FROM decision_utterance
JOIN utterance ON utterance.id = decision_utterance.utterance_id
LEFT JOIN kept_out ON kept_out.utterance_id = utterance.id
WHERE kept_out.what IS DISTINCT FROM 'withdrawn'
GROUP BY decision_utterance.decision_id
