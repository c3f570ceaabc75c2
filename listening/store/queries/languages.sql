-- one row per utterance of the latest synthesis: the language it was taken to be in, or none where nothing tells
SELECT utterance_language.utterance_id, utterance_language.language
FROM utterance_language
JOIN current_run ON current_run.id = utterance_language.run_id
