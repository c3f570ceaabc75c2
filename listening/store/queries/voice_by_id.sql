-- at most one row: the voice with this id
SELECT id, people, handle, shown FROM voice WHERE id = $id
