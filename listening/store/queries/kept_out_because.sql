-- at most one row: why this utterance is kept out of themes and quotes now
SELECT because FROM kept_out WHERE utterance_id = $utterance_id
