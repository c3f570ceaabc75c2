-- one row per utterance among these that is an offer now
SELECT utterance_id FROM offer WHERE list_contains($ids, utterance_id)
