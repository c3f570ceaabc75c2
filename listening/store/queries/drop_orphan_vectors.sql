-- removes the vectors of texts that nobody says
DELETE FROM vector
WHERE text_sha256 NOT IN (SELECT text_sha256 FROM utterance UNION ALL SELECT text_sha256 FROM correction)
