-- one row per conversation: where and when it took place, and who listened
SELECT id, kind, place, held_on, listener FROM conversation ORDER BY id
