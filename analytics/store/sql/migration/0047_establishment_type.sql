-- The provincial summary is laid out by type of establishment (footnote 2 of Annex XII).
-- Reports stored before this have '': not stated.
ALTER TABLE annex_xii ADD COLUMN IF NOT EXISTS establishment_type LowCardinality(String);
