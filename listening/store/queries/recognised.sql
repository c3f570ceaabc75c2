-- one row per keyed hash of these that is known: whether what it stands for was erased
SELECT keyed_hash, bool_or(utterance.id IS NULL) AS erased
FROM recognised LEFT JOIN utterance ON utterance.id = recognised.utterance_id
WHERE keyed_hash IN (SELECT unnest($hashes))
GROUP BY keyed_hash
