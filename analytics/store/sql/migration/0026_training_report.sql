-- The newest revision of each yearly training report: of a training body, or of a
-- province's labour authority on its local officers.
CREATE TABLE IF NOT EXISTS training_report
(
    report_id       UInt128,
    revision        UInt32,
    version         UInt64,
    withdrawn       UInt8,
    stat_year       UInt16,
    period          LowCardinality(String),
    unit            String,
    filed_at        DateTime64(3, 'Asia/Ho_Chi_Minh'),
    received_at     DateTime64(3, 'Asia/Ho_Chi_Minh'),
    epoch           UUID,
    kafka_partition UInt16,
    kafka_offset    UInt64,

    province_list LowCardinality(String),
    province_code LowCardinality(String),
    vsic_version LowCardinality(String),
    vsic_section LowCardinality(String),
    vsic_code LowCardinality(String),
    licence String,
    courses Nested
    (
        province_list LowCardinality(String),
        province_code LowCardinality(String),
        group LowCardinality(String),
        courses UInt32,
        trained UInt32,
        certified UInt32
    ),
    local_officers Nested
    (
        level LowCardinality(String),
        total UInt32,
        trained UInt32
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
