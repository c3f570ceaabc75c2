-- one row: what was decided, less words that it quoted and that are gone
UPDATE decision SET text = $text, because = $because WHERE id = $id
