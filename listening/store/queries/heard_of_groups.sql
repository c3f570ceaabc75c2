-- one row per group that is asked first, and one for everybody else: how many voices have words that count
SELECT coalesce(asked_first.asked_first, '') AS asked_first, count(DISTINCT said.voice_id) AS voices
FROM said
ANTI JOIN kept_out ON kept_out.utterance_id = said.id
LEFT JOIN asked_first ON asked_first.voice_id = said.voice_id
GROUP BY coalesce(asked_first.asked_first, '')
