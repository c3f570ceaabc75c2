-- one row per conversation of these sources
SELECT source_id, id, place FROM conversation WHERE list_contains($sources, source_id) ORDER BY id
