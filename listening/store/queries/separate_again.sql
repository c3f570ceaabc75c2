-- one row: what telling the speakers of this recording apart last came to
UPDATE separation SET run_id = $run_id, people = $people, given = $given, failed_because = NULL
WHERE transcript_id = $transcript_id
