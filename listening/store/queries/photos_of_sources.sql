-- one row per picture of one of these sources
SELECT sha256 FROM photo WHERE source_id IN (SELECT unnest($ids))
