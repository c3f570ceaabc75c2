-- one row per voice that signed the plan of this chain: the latest
SELECT chain_id, voice_id, plan_sha256, signed, signed_at
FROM plan_signature
WHERE chain_id = $chain_id
QUALIFY row_number() OVER (PARTITION BY voice_id ORDER BY signed_at DESC) = 1
ORDER BY signed_at
