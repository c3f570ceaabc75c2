-- one row per recording that came as a part of a conversation: what it was called
SELECT name
FROM source
WHERE media = 'recording' AND json_extract_string(about, '$.part_of') = $conversation_id
