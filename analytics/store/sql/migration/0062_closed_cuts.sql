-- The cuts that a closing froze its measures in. Of others it says nothing, not 0.
ALTER TABLE period_close ADD COLUMN IF NOT EXISTS cuts Array(LowCardinality(String)) DEFAULT ['cause'] AFTER measures;
