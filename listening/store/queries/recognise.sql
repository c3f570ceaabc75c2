-- one row per keyed hash, and the utterance it stands for, if it is one that stays
INSERT INTO recognised SELECT unnest($hashes), unnest($utterances)
