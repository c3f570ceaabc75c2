-- at most one row: the voice that a code which still works belongs to, if any of its words are left
SELECT receipt.voice_id
FROM receipt
WHERE receipt.code_hash = $code_hash
    AND receipt.revoked_at IS NULL
    AND EXISTS (
        SELECT 1 FROM utterance JOIN fate ON fate.utterance_id = utterance.id
        WHERE utterance.voice_id = receipt.voice_id AND fate.fate <> 'withdrawn'
    )
