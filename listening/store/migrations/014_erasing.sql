-- Words that are withdrawn are erased, not only hidden. Nothing in these tables is anybody's words.

-- one row per thing that somebody asked to withdraw and that is not erased yet: a voice, conversation or utterance
CREATE TABLE to_erase (
    id VARCHAR NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL
);
INSERT INTO to_erase SELECT DISTINCT utterance_id, happened_at FROM utterance_event WHERE what = 'withdrawn';

-- one row per erasure. It is finished when the old files are gone and the database is written anew.
CREATE TABLE erasure (
    id VARCHAR PRIMARY KEY,
    utterances INTEGER NOT NULL,
    erased_at TIMESTAMPTZ NOT NULL,
    finished BOOLEAN NOT NULL
);

-- one row per original that an unfinished erasure has to remove
CREATE TABLE leftover (
    sha256 VARCHAR NOT NULL
);

-- one row per keyed hash of something that is known when it is handed in again: an utterance that is here without its
-- original, or, where there is no such utterance, something that was erased
CREATE TABLE recognised (
    keyed_hash VARCHAR NOT NULL,
    utterance_id VARCHAR
);

-- one row per decision and erasure: how many of the utterances that the decision cites were erased
CREATE TABLE erased_citation (
    decision_id VARCHAR NOT NULL,
    erasure_id VARCHAR NOT NULL,
    utterances INTEGER NOT NULL
);
