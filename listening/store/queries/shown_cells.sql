-- one row per cell of each table about groups as it was shown last
SELECT name, cell, count, people, shown_at FROM shown_cell
