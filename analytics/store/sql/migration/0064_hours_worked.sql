-- Hours worked in the period, for the rates per hour. Reports that do not say it, and those
-- stored before, have 0: not given.
ALTER TABLE annex_xii ADD COLUMN IF NOT EXISTS hours_worked UInt64 AFTER payroll_million_vnd;
