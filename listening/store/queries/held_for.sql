-- one row per cause for which any of these utterances is held
SELECT DISTINCT cause FROM held WHERE list_contains($ids, utterance_id) ORDER BY cause
