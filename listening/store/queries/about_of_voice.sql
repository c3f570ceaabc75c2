-- one row per question that this voice has answered
SELECT question, answer FROM about WHERE voice_id = $voice_id ORDER BY question
