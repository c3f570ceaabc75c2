-- one row per utterance that was placed in this cluster after the synthesis that found it
SELECT utterance_id FROM placement WHERE cluster_id = $cluster_id ORDER BY utterance_id
