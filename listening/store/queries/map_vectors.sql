-- one row per utterance in a theme or on its own: its theme, and the vector of its words by the latest weights
SELECT fate.utterance_id, fate.theme_id, vector.floats
FROM fate
JOIN said ON said.id = fate.utterance_id
JOIN vector ON vector.text_sha256 = said.text_sha256
WHERE fate.fate IN ('in_theme', 'on_its_own')
AND vector.weights_sha256 = (
    SELECT vector.weights_sha256 FROM vector JOIN run ON run.id = vector.run_id ORDER BY run.started_at DESC LIMIT 1
)
ORDER BY fate.utterance_id
