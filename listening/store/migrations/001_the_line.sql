-- The line, from what people hand in to what was decided about it.
-- Times are UTC. Offsets count characters from 0, ends are exclusive. There are no foreign keys (decision 0003):
-- the pipeline writes each piece of work in one transaction, and queries/broken_references.sql proves it whole.

-- one row per execution of one stage
CREATE TABLE run (
    id VARCHAR PRIMARY KEY,
    stage VARCHAR NOT NULL CHECK (stage IN ('read', 'transcribe', 'embed', 'synthesise')),
    model VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    weights_sha256 VARCHAR,
    parameters VARCHAR NOT NULL,
    seed BIGINT,
    code_version VARCHAR NOT NULL,
    inputs_sha256 VARCHAR,
    started_at TIMESTAMPTZ NOT NULL
);

-- one row per original that was received
CREATE TABLE source (
    id VARCHAR PRIMARY KEY,
    sha256 VARCHAR NOT NULL UNIQUE,
    media VARCHAR NOT NULL CHECK (media IN ('note', 'table', 'recording')),
    suffix VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    about VARCHAR NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);

-- one row per file, by name and content, that could not be taken or read, until it can be
CREATE TABLE failure (
    sha256 VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    failed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (sha256, name)
);

-- one row per finished piece of a recording that is not wholly transcribed yet
CREATE TABLE piece (
    source_id VARCHAR NOT NULL,
    recipe_sha256 VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    heard VARCHAR NOT NULL,
    PRIMARY KEY (source_id, recipe_sha256, ordinal)
);

-- one row per reading of one source: its words as text
CREATE TABLE transcript (
    id VARCHAR PRIMARY KEY,
    source_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    language VARCHAR,
    body VARCHAR NOT NULL
);

-- one row per segment of one transcript of a recording
CREATE TABLE heard_segment (
    transcript_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    confidence DOUBLE NOT NULL,
    no_speech_probability DOUBLE NOT NULL,
    compression_ratio DOUBLE NOT NULL
);

-- one row per session between people
CREATE TABLE conversation (
    id VARCHAR PRIMARY KEY,
    source_id VARCHAR NOT NULL,
    kind VARCHAR CHECK (kind IN ('good-life', 'food-chain')),
    guide VARCHAR,
    place VARCHAR,
    held_on DATE,
    listener VARCHAR,
    language VARCHAR,
    chain VARCHAR,
    link INTEGER
);

-- one row per person, by a handle that is unique within one list of people
CREATE TABLE voice (
    id VARCHAR PRIMARY KEY,
    people VARCHAR NOT NULL,
    handle VARCHAR NOT NULL,
    shown VARCHAR NOT NULL,
    UNIQUE (people, handle)
);

-- one row per exact span of one transcript that one voice said
CREATE TABLE utterance (
    id VARCHAR PRIMARY KEY,
    transcript_id VARCHAR NOT NULL,
    conversation_id VARCHAR NOT NULL,
    voice_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL CHECK (end_char > start_char),
    start_ms INTEGER,
    end_ms INTEGER,
    said_at TIMESTAMPTZ,
    text VARCHAR NOT NULL CHECK (length(text) = end_char - start_char),
    text_sha256 VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);

-- one row per thing that a person or a stage did to one utterance; the latest counts
CREATE TABLE utterance_event (
    utterance_id VARCHAR NOT NULL,
    what VARCHAR NOT NULL CHECK (what IN ('held', 'released', 'withdrawn', 'failed')),
    because VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row per text and weights: 32-bit little-endian floats, unit length
CREATE TABLE vector (
    text_sha256 VARCHAR NOT NULL,
    weights_sha256 VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    floats BLOB NOT NULL,
    PRIMARY KEY (text_sha256, weights_sha256)
);

-- one row per theme: an identity that lasts over runs
CREATE TABLE theme (
    id VARCHAR PRIMARY KEY,
    run_id VARCHAR NOT NULL
);

-- one row per group that one run found
CREATE TABLE cluster (
    id VARCHAR PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    theme_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL
);

-- one row per utterance in a cluster of one run
CREATE TABLE membership (
    cluster_id VARCHAR NOT NULL,
    utterance_id VARCHAR NOT NULL,
    strength DOUBLE NOT NULL
);

-- one row per utterance that one run left on its own
CREATE TABLE on_its_own (
    run_id VARCHAR NOT NULL,
    utterance_id VARCHAR NOT NULL,
    nearest_cluster_id VARCHAR,
    nearness DOUBLE
);

-- one row per utterance that stands for a cluster; rank 1 names it
CREATE TABLE exemplar (
    cluster_id VARCHAR NOT NULL,
    rank INTEGER NOT NULL,
    utterance_id VARCHAR NOT NULL
);

-- one row per key phrase of a cluster: a span of one member's text
CREATE TABLE phrase (
    cluster_id VARCHAR NOT NULL,
    rank INTEGER NOT NULL,
    utterance_id VARCHAR NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL
);

-- one row per decision
CREATE TABLE decision (
    id VARCHAR PRIMARY KEY,
    choice VARCHAR NOT NULL CHECK (choice IN ('do', 'cannot', 'thinking')),
    text VARCHAR NOT NULL,
    because VARCHAR CHECK (choice <> 'cannot' OR because IS NOT NULL),
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    look_again_on DATE NOT NULL,
    challenge VARCHAR NOT NULL
);

-- one row per utterance, or cluster of a theme as it stood, that a decision cites
CREATE TABLE citation (
    decision_id VARCHAR NOT NULL,
    utterance_id VARCHAR,
    cluster_id VARCHAR,
    CHECK ((utterance_id IS NULL) <> (cluster_id IS NULL))
);

-- at most one row: the latest synthesis
CREATE VIEW current_run AS
SELECT * FROM run WHERE stage = 'synthesise' ORDER BY started_at DESC, id DESC LIMIT 1;

-- one row per utterance that an event still keeps out of themes
CREATE VIEW kept_out AS
SELECT utterance_id, what
FROM (
    SELECT utterance_id, last(what ORDER BY happened_at, what) AS what FROM utterance_event GROUP BY utterance_id
)
WHERE what <> 'released';

-- one row per utterance: where it is now. Two rows for one utterance would be a fault: the ledger shows it.
CREATE VIEW fate AS
SELECT
    utterance.id AS utterance_id,
    CASE
        WHEN kept_out.what IS NOT NULL THEN kept_out.what
        WHEN now_in.cluster_id IS NOT NULL THEN 'in_theme'
        WHEN apart.utterance_id IS NOT NULL THEN 'on_its_own'
        ELSE 'waiting'
    END AS fate,
    now_in.cluster_id,
    now_in.theme_id,
    now_in.strength,
    apart.nearest_cluster_id,
    apart.nearness
FROM utterance
LEFT JOIN kept_out ON kept_out.utterance_id = utterance.id
LEFT JOIN (
    SELECT membership.utterance_id, membership.cluster_id, membership.strength, cluster.theme_id
    FROM membership
    JOIN cluster ON cluster.id = membership.cluster_id
    JOIN current_run ON current_run.id = cluster.run_id
) AS now_in ON now_in.utterance_id = utterance.id
LEFT JOIN (
    SELECT on_its_own.* FROM on_its_own JOIN current_run ON current_run.id = on_its_own.run_id
) AS apart ON apart.utterance_id = utterance.id;

-- one row per decision and utterance that it rests on, cited itself or through a theme as it stood
CREATE VIEW decision_utterance AS
SELECT decision_id, utterance_id FROM citation WHERE utterance_id IS NOT NULL
UNION
SELECT citation.decision_id, membership.utterance_id
FROM citation JOIN membership ON membership.cluster_id = citation.cluster_id;

-- one row per theme and utterance that is in it now, or was in it when a decision cited it
CREATE VIEW theme_utterance AS
SELECT theme_id, utterance_id FROM fate WHERE fate = 'in_theme'
UNION
SELECT cluster.theme_id, membership.utterance_id
FROM citation
JOIN cluster ON cluster.id = citation.cluster_id
JOIN membership ON membership.cluster_id = cluster.id;

-- one row per decision, theme and utterance that hang together: the chain that trace walks from any end
CREATE VIEW chain AS
SELECT
    decision_utterance.decision_id,
    theme_utterance.theme_id,
    utterance.id AS utterance_id,
    utterance.conversation_id,
    utterance.voice_id
FROM utterance
LEFT JOIN kept_out ON kept_out.utterance_id = utterance.id
LEFT JOIN theme_utterance ON theme_utterance.utterance_id = utterance.id
LEFT JOIN decision_utterance ON decision_utterance.utterance_id = utterance.id
WHERE kept_out.what IS NULL OR kept_out.what <> 'withdrawn';
