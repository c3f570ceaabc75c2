-- removes the replies to objections that are gone
DELETE FROM objection_reply WHERE objection_id NOT IN (SELECT id FROM objection)
