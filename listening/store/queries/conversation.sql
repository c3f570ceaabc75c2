-- at most one row: whether this conversation is here
SELECT id FROM conversation WHERE id = $id
