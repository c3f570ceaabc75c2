-- at most one row: the transcript of this source
SELECT id, source_id, run_id, language, body FROM transcript WHERE source_id = $source_id
