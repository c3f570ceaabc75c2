-- one row per name that a speaker of this recording ever had
SELECT DISTINCT speaker FROM speaking WHERE transcript_id = $transcript_id AND speaker <> ''
