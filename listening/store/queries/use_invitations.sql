-- one row per code of this link that was not used yet: it is used now
UPDATE invitation SET used_at = $now WHERE link_id = $link_id AND used_at IS NULL
