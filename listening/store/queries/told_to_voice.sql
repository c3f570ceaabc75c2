-- one row per decision that this voice was shown before this moment: the latest state of it that was shown
SELECT decision_id, max(as_of) FROM told WHERE voice_id = $voice_id AND told_at < $before GROUP BY decision_id
