-- The newest revision of each report of a facility that examines for occupational
-- disease.
CREATE TABLE IF NOT EXISTS examination_report
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
    reporter_type LowCardinality(String),
    establishments UInt32,
    examined_persons UInt32,
    examined_cases UInt32,
    suspected_persons UInt32,
    suspected_cases UInt32,
    diagnosed_persons UInt32,
    diagnosed_cases UInt32,
    rows Nested
    (
        factor LowCardinality(String),
        disease LowCardinality(String),
        examined UInt32,
        suspected UInt32,
        diagnosed UInt32
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
