-- one row per theme that has a title now
SELECT theme_id, current_title.text, signed, written_at FROM current_title
