-- one row per decision that cites utterances that go
INSERT INTO erased_citation
SELECT decision_id, $erasure_id, count(*) FROM citation
WHERE utterance_id IN (SELECT unnest($ids)) GROUP BY decision_id
