-- one row per synthesis and pair of themes that utterances known before went from and to; no theme is on its own
SELECT run_id, from_theme_id, to_theme_id, utterances FROM move
