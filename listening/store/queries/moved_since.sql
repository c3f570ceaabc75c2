-- one row: how many voices may stand elsewhere in a table about groups since then
SELECT count(DISTINCT voice_id) AS voices
FROM (
    SELECT voice_id FROM about WHERE answered_at > $since
    UNION ALL
    SELECT voice_id FROM asked_first WHERE happened_at > $since
    UNION ALL
    SELECT said.voice_id
    FROM decision
    JOIN decision_utterance ON decision_utterance.decision_id = decision.id
    JOIN said ON said.id = decision_utterance.utterance_id
    WHERE decision.decided_at > $since
)
