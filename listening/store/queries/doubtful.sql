-- one row per utterance that waits for a person to listen to it, in the order of the recordings
SELECT said.id, said.text, source.id AS source, source.name, said.start_ms, said.end_ms
FROM said
JOIN held ON held.utterance_id = said.id AND held.cause = 'doubt'
JOIN kept_out ON kept_out.utterance_id = said.id AND kept_out.what = 'held'
JOIN transcript ON transcript.id = said.transcript_id
JOIN source ON source.id = transcript.source_id
ORDER BY source.received_at, source.id, said.ordinal
