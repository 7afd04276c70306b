-- What was stored again in current tables because they did not hold what report_log
-- asks for: of which reports, by whom and why. "by" is the name that was given,
-- principal who was let in. A repair has as many rows as it took steps.
CREATE TABLE IF NOT EXISTS current_repair
(
    repair      UUID,
    by          String,
    principal   LowCardinality(String),
    reason      String,
    report_ids  Array(UInt128),
    recorded_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (recorded_at, repair)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Where each partition of a log began when the store began with it: what lies behind
-- that was stored, also when neither log nor store has it any more.
CREATE TABLE IF NOT EXISTS log_beginning
(
    epoch           UUID,
    kafka_partition UInt16,
    first_offset    UInt64,
    recorded_at     DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (epoch, kafka_partition)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
