-- The range of the log that a row was stored with. Of one partition any two ranges
-- are the same or have nothing in common; if not, the sink has a fault.
ALTER TABLE report_log ADD COLUMN IF NOT EXISTS range_low UInt64 DEFAULT kafka_offset,
    ADD COLUMN IF NOT EXISTS range_high UInt64 DEFAULT kafka_offset;

-- Who opened an epoch, and why.
ALTER TABLE log_epoch ADD COLUMN IF NOT EXISTS opened_by String,
    ADD COLUMN IF NOT EXISTS reason String;
