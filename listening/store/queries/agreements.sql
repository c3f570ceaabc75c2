-- one row for each time somebody signed that everybody agreed to this recording being made
SELECT source_id, wording, signed, agreed_at FROM agreement WHERE source_id = $source_id
