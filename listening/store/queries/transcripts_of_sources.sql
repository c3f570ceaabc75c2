-- one row per transcript of one of these sources
SELECT id, source_id, run_id, language, body FROM transcript WHERE source_id IN (SELECT unnest($ids))
