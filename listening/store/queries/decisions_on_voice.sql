-- one row per decision and utterance of this voice that it rests on, cited itself or through a theme
SELECT decision_utterance.decision_id, said.id
FROM said
JOIN fate ON fate.utterance_id = said.id
JOIN decision_utterance ON decision_utterance.utterance_id = said.id
WHERE said.voice_id = $voice_id AND fate.fate <> 'withdrawn'
ORDER BY decision_utterance.decision_id, said.ordinal, said.id
