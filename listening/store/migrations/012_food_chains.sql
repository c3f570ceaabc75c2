-- Food conversation chains: who starts a conversation with whom, what happened to each link, and the plan that came of it.
-- How to reach somebody is never in this database: it lies sealed in a file of its own until it is used once.

-- one row per chain
CREATE TABLE food_chain (
    id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    aim VARCHAR NOT NULL,
    starter_id VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL
);

-- one row per link of a chain
CREATE TABLE chain_link (
    id VARCHAR PRIMARY KEY,
    chain_id VARCHAR NOT NULL,
    initiator_id VARCHAR NOT NULL,
    other_id VARCHAR NOT NULL CHECK (other_id <> initiator_id)
);

-- one row per step of a link; its state follows from them
CREATE TABLE link_event (
    link_id VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    source_id VARCHAR,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row per invitation code that was given out; the code itself is kept nowhere
CREATE TABLE invitation (
    code_hash VARCHAR PRIMARY KEY,
    link_id VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);

-- one row each time somebody marked an utterance as an offer, or took the mark away
CREATE TABLE offer_event (
    utterance_id VARCHAR NOT NULL,
    marked BOOLEAN NOT NULL,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row per utterance that is an offer now, and who says so
CREATE VIEW offer AS
SELECT utterance_id, arg_max(signed, happened_at) AS signed
FROM offer_event
GROUP BY utterance_id
HAVING arg_max(marked, happened_at);

-- one row each time a voice signed the plan of a chain as it stood
CREATE TABLE plan_signature (
    chain_id VARCHAR NOT NULL,
    voice_id VARCHAR NOT NULL,
    plan_sha256 VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL
);
