-- Speakers of a recording can be told apart again. What was found before stays beside it.

-- one row each time that telling the speakers of a recording apart again gave an utterance to a voice; the latest counts
CREATE TABLE told_again (
    utterance_id VARCHAR NOT NULL,
    voice_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row per utterance as it stands now: by whoever is known to have said it, in the words put right by ear if they
-- were. What the source gave, and the voice it was first tied to, stay in the table utterance.
CREATE OR REPLACE VIEW said AS
SELECT
    utterance.* REPLACE (
        coalesce(known.voice_id, again.voice_id, utterance.voice_id) AS voice_id,
        coalesce(corrected.text, utterance.text) AS text,
        coalesce(corrected.text_sha256, utterance.text_sha256) AS text_sha256
    ),
    corrected.signed AS corrected_by
FROM utterance
LEFT JOIN (
    SELECT utterance_id, arg_max(voice_id, happened_at) AS voice_id FROM told_again GROUP BY utterance_id
) AS again ON again.utterance_id = utterance.id
LEFT JOIN known_voice AS known ON known.heard_as = coalesce(again.voice_id, utterance.voice_id)
LEFT JOIN (
    SELECT
        utterance_id,
        arg_max(text, happened_at) AS text,
        arg_max(text_sha256, happened_at) AS text_sha256,
        arg_max(signed, happened_at) AS signed
    FROM correction
    GROUP BY utterance_id
) AS corrected ON corrected.utterance_id = utterance.id;
