-- The newest revision of each exemption from a report and extension of its time.
CREATE TABLE IF NOT EXISTS obligation_relief
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
    reporter_authority LowCardinality(String),
    unit_type LowCardinality(String),
    obligation LowCardinality(String),
    relief LowCardinality(String),
    due_by Date,
    decided_on Date
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
