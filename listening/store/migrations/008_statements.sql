-- What grouping and placing look at.

-- one row per utterance, with all that grouping needs to know of it
CREATE VIEW statement AS
SELECT
    said.id,
    said.text,
    said.text_sha256,
    said.voice_id,
    said.conversation_id,
    conversation.language AS stated_language
FROM said
JOIN conversation ON conversation.id = said.conversation_id;
