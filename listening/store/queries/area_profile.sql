-- one row per question and answer: how many people of the area would give it
SELECT question, answer, people, signed, loaded_at FROM area_profile ORDER BY question, answer
