-- one row per voice that said something: what it said, how much of that nobody has listened to yet, and where its words are now
SELECT
    voice.id,
    voice.shown,
    count(DISTINCT said.conversation_id) AS conversations,
    count(*) AS utterances,
    count(*) FILTER (WHERE said.id IN (SELECT utterance_id FROM held WHERE cause = 'doubt')) AS doubtful,
    count(*) FILTER (WHERE fate.fate = 'in_theme') AS in_themes,
    count(*) FILTER (WHERE fate.fate = 'on_its_own') AS on_their_own,
    count(*) FILTER (WHERE said.id IN (SELECT utterance_id FROM decision_utterance)) AS in_decisions
FROM voice
JOIN said ON said.voice_id = voice.id
JOIN fate ON fate.utterance_id = said.id
WHERE fate.fate <> 'withdrawn'
GROUP BY voice.id, voice.shown
ORDER BY doubtful = count(*), utterances DESC, voice.id
