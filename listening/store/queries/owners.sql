-- one row each time somebody said who sees to a decision, oldest first
SELECT decision_id, owner, signed, written_at
FROM owner
WHERE $id IS NULL OR decision_id = $id
ORDER BY written_at
