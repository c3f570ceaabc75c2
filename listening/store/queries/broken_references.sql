-- one row per reference that points at nothing; there must be none
WITH reference (from_table, to_table, missing) AS (
    SELECT 'transcript', 'source', source_id FROM transcript WHERE source_id NOT IN (SELECT id FROM source) UNION ALL
    SELECT 'transcript', 'run', run_id FROM transcript WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'heard_segment', 'transcript', transcript_id FROM heard_segment
    WHERE transcript_id NOT IN (SELECT id FROM transcript) UNION ALL
    SELECT 'conversation', 'source', source_id FROM conversation
    WHERE source_id NOT IN (SELECT id FROM source) UNION ALL
    SELECT 'utterance', 'transcript', transcript_id FROM utterance
    WHERE transcript_id NOT IN (SELECT id FROM transcript) UNION ALL
    SELECT 'utterance', 'conversation', conversation_id FROM utterance
    WHERE conversation_id NOT IN (SELECT id FROM conversation) UNION ALL
    SELECT 'utterance', 'voice', voice_id FROM utterance WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'utterance', 'run', run_id FROM utterance WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'utterance_event', 'utterance', utterance_id FROM utterance_event
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'correction', 'utterance', utterance_id FROM correction
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'hearing', 'transcript', transcript_id FROM hearing
    WHERE transcript_id NOT IN (SELECT id FROM transcript) UNION ALL
    SELECT 'stretch', 'hearing', transcript_id FROM stretch
    WHERE transcript_id NOT IN (SELECT transcript_id FROM hearing) UNION ALL
    SELECT 'separation', 'transcript', transcript_id FROM separation
    WHERE transcript_id NOT IN (SELECT id FROM transcript) UNION ALL
    SELECT 'speaking', 'separation', transcript_id FROM speaking
    WHERE transcript_id NOT IN (SELECT transcript_id FROM separation) UNION ALL
    SELECT 'speaking', 'run', run_id FROM speaking WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'told_again', 'utterance', utterance_id FROM told_again
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'told_again', 'voice', voice_id FROM told_again WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'told_again', 'run', run_id FROM told_again WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'separation', 'run', run_id FROM separation
    WHERE run_id IS NOT NULL AND run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'voice_event', 'voice', voice_id FROM voice_event WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'voice_event', 'voice', is_voice_id FROM voice_event
    WHERE is_voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'vector', 'run', run_id FROM vector WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'theme', 'run', run_id FROM theme WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'cluster', 'run', run_id FROM cluster WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'cluster', 'theme', theme_id FROM cluster WHERE theme_id NOT IN (SELECT id FROM theme) UNION ALL
    SELECT 'membership', 'cluster', cluster_id FROM membership
    WHERE cluster_id NOT IN (SELECT id FROM cluster) UNION ALL
    SELECT 'membership', 'utterance', utterance_id FROM membership
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'on_its_own', 'utterance', utterance_id FROM on_its_own
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'utterance_language', 'run', run_id FROM utterance_language
    WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'utterance_language', 'utterance', utterance_id FROM utterance_language
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'exemplar', 'membership', utterance_id FROM exemplar
    WHERE (cluster_id, utterance_id) NOT IN (SELECT (cluster_id, utterance_id) FROM membership) UNION ALL
    SELECT 'phrase', 'membership', utterance_id FROM phrase
    WHERE (cluster_id, utterance_id) NOT IN (SELECT (cluster_id, utterance_id) FROM membership) UNION ALL
    SELECT 'placement', 'utterance', utterance_id FROM placement
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'placement', 'run', run_id FROM placement WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'placement', 'run', based_on_run_id FROM placement WHERE based_on_run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'placement', 'cluster', cluster_id FROM placement
    WHERE cluster_id IS NOT NULL AND cluster_id NOT IN (SELECT id FROM cluster) UNION ALL
    SELECT 'contrast', 'membership', utterance_id FROM contrast
    WHERE (cluster_id, utterance_id) NOT IN (SELECT (cluster_id, utterance_id) FROM membership) UNION ALL
    SELECT 'contrast', 'membership', against_utterance_id FROM contrast
    WHERE (cluster_id, against_utterance_id) NOT IN (SELECT (cluster_id, utterance_id) FROM membership) UNION ALL
    SELECT 'move', 'run', run_id FROM move WHERE run_id NOT IN (SELECT id FROM run) UNION ALL
    SELECT 'move', 'theme', theme_id FROM (
        SELECT unnest([from_theme_id, to_theme_id]) AS theme_id FROM move
    ) WHERE theme_id IS NOT NULL AND theme_id NOT IN (SELECT id FROM theme) UNION ALL
    SELECT 'consent_event', 'voice', voice_id FROM consent_event
    WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'receipt', 'voice', voice_id FROM receipt WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'objection', 'utterance', utterance_id FROM objection
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'objection_reply', 'objection', objection_id FROM objection_reply
    WHERE objection_id NOT IN (SELECT id FROM objection) UNION ALL
    SELECT 'food_chain', 'voice', starter_id FROM food_chain WHERE starter_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'chain_link', 'food_chain', chain_id FROM chain_link
    WHERE chain_id NOT IN (SELECT id FROM food_chain) UNION ALL
    SELECT 'chain_link', 'voice', voice_id FROM (
        SELECT unnest([initiator_id, other_id]) AS voice_id FROM chain_link
    ) WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'link_event', 'chain_link', link_id FROM link_event
    WHERE link_id NOT IN (SELECT id FROM chain_link) UNION ALL
    SELECT 'link_event', 'source', source_id FROM link_event
    WHERE source_id IS NOT NULL AND source_id NOT IN (SELECT id FROM source) UNION ALL
    SELECT 'invitation', 'chain_link', link_id FROM invitation
    WHERE link_id NOT IN (SELECT id FROM chain_link) UNION ALL
    SELECT 'offer_event', 'utterance', utterance_id FROM offer_event
    WHERE utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'plan_signature', 'voice', voice_id FROM plan_signature
    WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'felt', 'voice', voice_id FROM felt WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'about_answer', 'voice', voice_id FROM about_answer
    WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'asked_first_event', 'voice', voice_id FROM asked_first_event
    WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'planned_event', 'planned_conversation', planned_id FROM planned_event
    WHERE planned_id NOT IN (SELECT id FROM planned_conversation) UNION ALL
    SELECT 'title', 'theme', theme_id FROM title WHERE theme_id NOT IN (SELECT id FROM theme) UNION ALL
    SELECT 'citation', 'decision', decision_id FROM citation
    WHERE decision_id NOT IN (SELECT id FROM decision) UNION ALL
    SELECT 'citation', 'utterance', utterance_id FROM citation
    WHERE utterance_id IS NOT NULL AND utterance_id NOT IN (SELECT id FROM utterance) UNION ALL
    SELECT 'citation', 'cluster', cluster_id FROM citation
    WHERE cluster_id IS NOT NULL AND cluster_id NOT IN (SELECT id FROM cluster) UNION ALL
    SELECT 'owner', 'decision', decision_id FROM owner WHERE decision_id NOT IN (SELECT id FROM decision) UNION ALL
    SELECT 'milestone', 'decision', decision_id FROM milestone
    WHERE decision_id NOT IN (SELECT id FROM decision) UNION ALL
    SELECT 'progress_note', 'decision', decision_id FROM progress_note
    WHERE decision_id NOT IN (SELECT id FROM decision) UNION ALL
    SELECT 'told', 'voice', voice_id FROM told WHERE voice_id NOT IN (SELECT id FROM voice) UNION ALL
    SELECT 'told', 'decision', decision_id FROM told WHERE decision_id NOT IN (SELECT id FROM decision) UNION ALL
    SELECT 'decision', 'citation', id FROM decision
    WHERE id NOT IN (SELECT decision_id FROM citation UNION ALL SELECT decision_id FROM erased_citation) UNION ALL
    SELECT 'erased_citation', 'erasure', erasure_id FROM erased_citation
    WHERE erasure_id NOT IN (SELECT id FROM erasure)
)
SELECT from_table, to_table, missing FROM reference
