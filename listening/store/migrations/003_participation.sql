-- People stay in control of their words: separate consents, holding back, withdrawing, coming back by a code.

-- why an utterance is held: each cause is let go by itself
ALTER TABLE utterance_event ADD COLUMN cause VARCHAR DEFAULT 'person';

-- one row each time a voice said yes or no to one use of its words, with the wording that was shown
CREATE TABLE consent_event (
    voice_id VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    given BOOLEAN NOT NULL,
    wording VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row per voice and purpose that it has chosen for: its latest choice
CREATE VIEW consent AS
SELECT voice_id, purpose, last(given ORDER BY happened_at) AS given FROM consent_event GROUP BY voice_id, purpose;

-- one row per utterance that is kept out of themes, quotes and exports: by an event, or by its voice's choice
CREATE OR REPLACE VIEW kept_out AS
WITH latest AS (
    SELECT utterance_id, cause, last(what ORDER BY happened_at, what) AS what
    FROM utterance_event
    GROUP BY utterance_id, cause
),
reason AS (
    SELECT utterance_id, what FROM latest WHERE what <> 'released'
    UNION ALL
    SELECT utterance.id, 'held'
    FROM utterance JOIN consent ON consent.voice_id = utterance.voice_id
    WHERE consent.purpose IN ('group', 'read') AND NOT consent.given
)
SELECT
    utterance_id,
    CASE
        WHEN bool_or(what = 'withdrawn') THEN 'withdrawn'
        WHEN bool_or(what = 'held') THEN 'held'
        ELSE 'failed'
    END AS what
FROM reason
GROUP BY utterance_id;

-- one row per receipt code that was given out; the code itself is kept nowhere
CREATE TABLE receipt (
    code_hash VARCHAR PRIMARY KEY,
    voice_id VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);

-- one row each time a voice said of its words "that is not what I meant"
CREATE TABLE objection (
    id VARCHAR PRIMARY KEY,
    utterance_id VARCHAR NOT NULL,
    said VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    reply_by DATE NOT NULL
);

-- one row per reply to an objection, signed
CREATE TABLE objection_reply (
    objection_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    replied_at TIMESTAMPTZ NOT NULL
);

-- one row per statement that a voice agreed or disagreed with, 1 (not at all) to 5 (fully); the latest counts
CREATE TABLE felt (
    voice_id VARCHAR NOT NULL,
    statement VARCHAR NOT NULL,
    agreement INTEGER NOT NULL CHECK (agreement BETWEEN 1 AND 5),
    answered_at TIMESTAMPTZ NOT NULL
);
