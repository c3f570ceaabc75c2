-- one row per utterance in a theme or on its own now, and its theme
SELECT utterance_id, theme_id FROM fate WHERE fate IN ('in_theme', 'on_its_own') ORDER BY utterance_id
