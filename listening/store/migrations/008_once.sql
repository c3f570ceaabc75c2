-- Forms that were taken, so that the same one sent twice is done once; and who agreed to being recorded.

-- one row per form that was taken, under a hash of its one-time token and of what was in it
CREATE TABLE form_taken (
    key_sha256 VARCHAR PRIMARY KEY,
    taken_at TIMESTAMPTZ NOT NULL
);

-- one row per recording made here: what whoever recorded it signed before, in the wording that was shown
CREATE TABLE agreement (
    source_id VARCHAR NOT NULL,
    wording VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    agreed_at TIMESTAMPTZ NOT NULL
);
