-- Further kinds of source, and what a person confirmed about the columns of a table.
-- DuckDB cannot change a check on a column, so the table of originals is copied over whole.
CREATE TABLE source_copy (
    id VARCHAR PRIMARY KEY,
    sha256 VARCHAR NOT NULL UNIQUE,
    media VARCHAR NOT NULL CHECK (media IN ('note', 'table', 'recording', 'document', 'transcript', 'chat')),
    suffix VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    about VARCHAR NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);
INSERT INTO source_copy SELECT id, sha256, media, suffix, name, size, about, received_at FROM source;
DROP TABLE source;
ALTER TABLE source_copy RENAME TO source;

-- one row per heading of tables: which columns hold what, as a person said last
CREATE TABLE mapping (
    heading_sha256 VARCHAR PRIMARY KEY,
    columns VARCHAR NOT NULL,
    confirmed_at TIMESTAMPTZ NOT NULL
);

-- one row per picture that a note was typed up from
CREATE TABLE photo (
    source_id VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    suffix VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (source_id, sha256)
);
