-- Messages of the log that could not be stored, with the reason and the original
-- bytes. A message has one place in the log, so a repeated insert is the same row.
CREATE TABLE IF NOT EXISTS dead_letter
(
    epoch           UUID,
    kafka_partition UInt16,
    kafka_offset    UInt64,
    code            LowCardinality(String),
    detail          String,
    key             String,
    header_names    Array(LowCardinality(String)),
    header_values   Array(String),
    value           String CODEC(ZSTD(3)),
    logged_at       DateTime64(3, 'Asia/Ho_Chi_Minh'),
    stored_at       DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (epoch, kafka_partition, kafka_offset)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What officers did about dead letters: every act is kept, the last one decides.
CREATE TABLE IF NOT EXISTS dead_letter_act
(
    epoch           UUID,
    kafka_partition UInt16,
    kafka_offset    UInt64,
    act             LowCardinality(String),
    by              String,
    reason          String,
    at              DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),
    -- Where a replayed message went.
    new_partition   UInt16,
    new_offset      Int64
)
ENGINE = MergeTree
ORDER BY (epoch, kafka_partition, kafka_offset, at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
