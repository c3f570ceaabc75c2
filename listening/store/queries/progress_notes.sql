-- one row per note on how it goes with a decision, oldest first
SELECT decision_id, text, look_again_on, signed, written_at
FROM progress_note
WHERE $id IS NULL OR decision_id = $id
ORDER BY written_at
