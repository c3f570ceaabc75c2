-- one row per thing that was done with this voice or its words: when, what, why or with which words, and who did it
WITH mine AS (SELECT id FROM said WHERE voice_id = $voice_id),
heard AS (SELECT $voice_id AS id UNION SELECT heard_as FROM known_voice WHERE voice_id = $voice_id),
happened (happened_at, what, words, signed) AS (
    SELECT happened_at, what, because, signed FROM utterance_event WHERE utterance_id IN (SELECT id FROM mine)
    UNION ALL
    SELECT happened_at, 'put right by ear', text, signed FROM correction WHERE utterance_id IN (SELECT id FROM mine)
    UNION ALL
    SELECT happened_at, 'known as this voice', '', signed FROM voice_event
    WHERE is_voice_id IN (SELECT id FROM heard) OR voice_id IN (SELECT id FROM heard)
    UNION ALL
    SELECT made_at, 'a code was given', '', signed FROM receipt WHERE voice_id IN (SELECT id FROM heard)
    UNION ALL
    SELECT happened_at, CASE WHEN given THEN 'said yes' ELSE 'said no' END, wording, signed FROM consent_event
    WHERE voice_id IN (SELECT id FROM heard)
    UNION ALL
    SELECT happened_at, CASE WHEN marked THEN 'marked as an offer' ELSE 'no offer any more' END, '', signed
    FROM offer_event WHERE utterance_id IN (SELECT id FROM mine)
    UNION ALL
    SELECT signed_at, 'signed the plan of a food chain', '', signed FROM plan_signature
    WHERE voice_id IN (SELECT id FROM heard)
    UNION ALL
    SELECT happened_at, 'a step of a conversation in a food chain', step, link_event.signed
    FROM link_event JOIN chain_link ON chain_link.id = link_event.link_id
    WHERE initiator_id IN (SELECT id FROM heard) OR other_id IN (SELECT id FROM heard)
    UNION ALL
    SELECT happened_at, 'said to be of a group that is asked first', coalesce(asked_first, 'none'), signed
    FROM asked_first_event WHERE voice_id IN (SELECT id FROM heard)
)
SELECT happened_at, what, words, signed FROM happened ORDER BY happened_at, what, words
