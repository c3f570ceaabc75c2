-- one row per original or picture that there must be
SELECT sha256 FROM source UNION SELECT sha256 FROM photo
