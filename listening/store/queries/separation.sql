-- at most one row: what telling the speakers of this conversation's recording apart came to
SELECT separation.transcript_id, separation.run_id, people, given, failed_because
FROM separation
JOIN transcript ON transcript.id = separation.transcript_id
JOIN conversation ON conversation.source_id = transcript.source_id
WHERE conversation.id = $conversation_id
