-- one row each time a step of a decision was set or changed, oldest first
SELECT id, decision_id, text, due_on, done_on, signed, written_at
FROM milestone
WHERE $id IS NULL OR $id IN (id, decision_id)
ORDER BY written_at
