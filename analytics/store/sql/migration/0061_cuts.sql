-- Closed cells are split by other things than the cause, too: split names the cut ('' is the
-- total) and member what it splits by. Closings before this have '*' cells: they hold the
-- total and the cause at once.
ALTER TABLE closed_cell RENAME COLUMN IF EXISTS cause TO member;
