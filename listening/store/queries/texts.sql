-- one row per utterance asked for: the words as they stand now
SELECT id, text, corrected_by FROM said WHERE list_contains($ids, id)
