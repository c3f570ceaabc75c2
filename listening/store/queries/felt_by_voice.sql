-- one row per statement that this voice answered: its latest answer
SELECT statement, last(agreement ORDER BY answered_at) FROM felt WHERE voice_id = $voice_id GROUP BY statement
