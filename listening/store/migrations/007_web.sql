-- The people of the organisation who sign in to the web pages, and where they are signed in.

-- one row per person who may sign in; the password is kept as an argon2id hash
CREATE TABLE account (
    name VARCHAR PRIMARY KEY,
    role VARCHAR NOT NULL,
    password_hash VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL
);

-- one row per browser in which somebody is signed in, under the hash of what its cookie holds
CREATE TABLE session (
    token_sha256 VARCHAR PRIMARY KEY,
    account VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL
);

-- one row per browser in which somebody came back to their own words with a receipt code
CREATE TABLE own_session (
    token_sha256 VARCHAR PRIMARY KEY,
    voice_id VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL
);
