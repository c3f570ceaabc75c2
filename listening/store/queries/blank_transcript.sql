-- one row: the text of a source, with words taken out
UPDATE transcript SET body = $body WHERE source_id = $source_id
