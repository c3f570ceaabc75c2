-- one row per voice and question it has answered
SELECT voice_id, question, answer FROM about
