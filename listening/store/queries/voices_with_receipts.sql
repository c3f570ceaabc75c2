-- one row: how many voices were given a code and so could answer
SELECT count(DISTINCT voice_id) FROM receipt
