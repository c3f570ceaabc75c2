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

-- one row per utterance that is held for doubt about what was heard, and for nothing else: a person has to listen
CREATE VIEW only_doubted AS
SELECT doubt.utterance_id
FROM held AS doubt
JOIN kept_out ON kept_out.utterance_id = doubt.utterance_id AND kept_out.what = 'held'
JOIN said ON said.id = doubt.utterance_id
WHERE doubt.cause = 'doubt'
  AND NOT EXISTS (SELECT 1 FROM held AS other WHERE other.utterance_id = doubt.utterance_id AND other.cause <> 'doubt')
  AND NOT EXISTS (
      SELECT 1 FROM consent
      WHERE consent.voice_id = said.voice_id AND consent.purpose IN ('group', 'read') AND NOT consent.given
  );
