-- one row per utterance asked for
SELECT id, text FROM utterance WHERE list_contains($ids, id)
