-- one row per statement and voice that answered it: the latest answer
SELECT statement, last(agreement ORDER BY answered_at) AS agreement FROM felt GROUP BY statement, voice_id
