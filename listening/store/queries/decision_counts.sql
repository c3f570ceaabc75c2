-- one row per decision: how many voices and utterances it rests on, those that were withdrawn left out
SELECT decision_utterance.decision_id, count(DISTINCT said.voice_id) AS voices, count(*) AS utterances
FROM decision_utterance
JOIN said ON said.id = decision_utterance.utterance_id
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
WHERE kept_out.what IS DISTINCT FROM 'withdrawn'
GROUP BY decision_utterance.decision_id
