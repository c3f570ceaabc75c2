-- one row per original that an unfinished erasure has to remove, less those that something else here still is
SELECT DISTINCT sha256 FROM leftover
WHERE sha256 NOT IN (SELECT sha256 FROM source UNION ALL SELECT sha256 FROM photo)
