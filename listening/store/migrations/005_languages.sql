-- The language each utterance is in, as far as the software can tell.

-- one row per utterance of one synthesis: the language it was taken to be in, or none where nothing tells
CREATE TABLE utterance_language (
    run_id VARCHAR NOT NULL,
    utterance_id VARCHAR NOT NULL,
    language VARCHAR
);
