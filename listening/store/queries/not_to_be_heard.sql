-- one row: how many utterances of this source are kept out, or are of people who do not want their recording kept;
-- words in doubt do not count: what a machine may have made up is in no recording
SELECT count(*)
FROM said
JOIN transcript ON transcript.id = said.transcript_id
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
LEFT JOIN only_doubted ON only_doubted.utterance_id = said.id
LEFT JOIN consent ON consent.voice_id = said.voice_id AND consent.purpose = 'audio'
WHERE transcript.source_id = $source_id
  AND ((kept_out.what IS NOT NULL AND only_doubted.utterance_id IS NULL) OR consent.given = false)
