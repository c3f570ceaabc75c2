-- one row per step of a link that spoke of one of these sources
UPDATE link_event SET source_id = NULL WHERE source_id IN (SELECT unnest($sources))
