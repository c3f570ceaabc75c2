-- one row per decision, newest first
SELECT id, choice, text, because, decided_by, decided_at, look_again_on, challenge
FROM decision
WHERE $id IS NULL OR id = $id
ORDER BY decided_at DESC, id
