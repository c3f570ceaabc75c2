-- one row per decision and utterance of this voice that it rests on, cited itself or through a theme
SELECT decision_utterance.decision_id, utterance.id
FROM utterance
JOIN fate ON fate.utterance_id = utterance.id
JOIN decision_utterance ON decision_utterance.utterance_id = utterance.id
WHERE utterance.voice_id = $voice_id AND fate.fate <> 'withdrawn'
ORDER BY decision_utterance.decision_id, utterance.ordinal, utterance.id
