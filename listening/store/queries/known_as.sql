-- at most one row: who a person said that this voice is
SELECT arg_max(is_voice_id, happened_at) FROM voice_event WHERE voice_id = $voice_id HAVING count(*) > 0
