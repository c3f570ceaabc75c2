-- one row per known vector of these weights
SELECT text_sha256, floats FROM vector WHERE weights_sha256 = $weights_sha256
