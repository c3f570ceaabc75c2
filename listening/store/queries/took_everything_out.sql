-- at most one row: this voice, if it has said something and all of it was taken out
SELECT said.voice_id
FROM said JOIN fate ON fate.utterance_id = said.id
WHERE said.voice_id = $voice_id
GROUP BY said.voice_id
HAVING count(*) FILTER (fate.fate <> 'withdrawn') = 0
