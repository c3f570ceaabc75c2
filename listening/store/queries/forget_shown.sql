-- removes how these tables were shown last
DELETE FROM shown_cell WHERE list_contains($names, name)
