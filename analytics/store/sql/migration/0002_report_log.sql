-- Every revision of every report, also repeats and losers of a race: audit and
-- proof. Written last in each batch; not partitioned, so that a batch is one part,
-- there whole or not at all.
CREATE TABLE IF NOT EXISTS report_log
(
    report_id       UInt128,
    revision        UInt32,
    version         UInt64,
    kind            LowCardinality(String),
    stat_year       UInt16,
    period          LowCardinality(String),
    unit            String,
    withdrawn       Bool,
    submitted_by    LowCardinality(String),
    filed_at        DateTime64(3, 'Asia/Ho_Chi_Minh'),
    received_at     DateTime64(3, 'Asia/Ho_Chi_Minh'),
    stored_at       DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),
    sha256          FixedString(32),
    tracking        String,
    request_id      UInt128,
    rules_version   LowCardinality(String),
    warnings        Array(LowCardinality(String)),
    payload         String CODEC(ZSTD(3)),
    sealed          String CODEC(NONE),
    sealed_key      LowCardinality(String),
    epoch           UUID,
    kafka_partition UInt16,
    kafka_offset    UInt64,

    INDEX request_id request_id TYPE bloom_filter(0.001) GRANULARITY 1,

    -- How far each partition is stored, without reading the table.
    PROJECTION position
    (
        SELECT epoch, kafka_partition, max(kafka_offset), max(stored_at), count()
        GROUP BY epoch, kafka_partition
    )
)
ENGINE = MergeTree
ORDER BY (report_id, revision, kafka_partition, kafka_offset)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
