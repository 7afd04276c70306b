-- Data keys that were destroyed, and so whose personal texts can never be read again. year 0
-- does not occur; an empty class is a whole year. kinds and reports belong together.
CREATE TABLE IF NOT EXISTS erasure
(
    erasure_id   UUID,
    year         UInt16,
    class        LowCardinality(String),
    destroyed_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    by           String,
    reason       String,
    kinds        Array(LowCardinality(String)),
    reports      Array(UInt64),
    revisions    UInt64,
    persons      UInt64,
    recorded_at  DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (year, class)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
