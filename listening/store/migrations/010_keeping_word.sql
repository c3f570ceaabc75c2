-- What becomes of a decision: who sees to it, its steps, how it goes, and who was told of it. Nothing is overwritten.

-- one row each time somebody said who sees to a decision; the latest counts
CREATE TABLE owner (
    decision_id VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    written_at TIMESTAMPTZ NOT NULL
);

-- one row each time a step of a decision was set, moved, done or opened again; the latest of an id counts
CREATE TABLE milestone (
    id VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    due_on DATE NOT NULL,
    done_on DATE,
    signed VARCHAR NOT NULL,
    written_at TIMESTAMPTZ NOT NULL
);

-- one row per note on how it goes with a decision; it may set another day to look again
CREATE TABLE progress_note (
    decision_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    look_again_on DATE,
    signed VARCHAR NOT NULL,
    written_at TIMESTAMPTZ NOT NULL
);

-- one row each time a voice was shown a decision as it stood
CREATE TABLE told (
    voice_id VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ NOT NULL
);
