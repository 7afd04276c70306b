-- The range of the log that a row was stored with. Of one partition any two ranges
-- are the same or have nothing in common; if not, the sink has a fault.
ALTER TABLE report_log ADD COLUMN IF NOT EXISTS range_low UInt64 DEFAULT kafka_offset,
    ADD COLUMN IF NOT EXISTS range_high UInt64 DEFAULT kafka_offset;

-- Who opened an epoch, and why.
ALTER TABLE log_epoch ADD COLUMN IF NOT EXISTS opened_by String,
    ADD COLUMN IF NOT EXISTS reason String;

-- The Kafka cluster that each log lies on.
CREATE TABLE IF NOT EXISTS log_origin
(
    epoch       UUID,
    cluster     String,
    recorded_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY epoch
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
