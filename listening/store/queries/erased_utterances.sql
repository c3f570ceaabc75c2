-- one row: how many utterances were erased
SELECT coalesce(sum(utterances), 0)::BIGINT FROM erasure
