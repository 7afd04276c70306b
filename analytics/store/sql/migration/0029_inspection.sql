-- The newest revision of each inspection. The days of a decision hold only where decided
-- and handled say so.
CREATE TABLE IF NOT EXISTS inspection
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
    reporter_province_list LowCardinality(String),
    reporter_province_code LowCardinality(String),
    vsic_version LowCardinality(String),
    vsic_section LowCardinality(String),
    vsic_code LowCardinality(String),
    authority LowCardinality(String),
    tax_code String,
    site String,
    inspected_on Date,
    basis LowCardinality(String),
    serious Bool,
    decided Bool,
    decision_number String,
    issued_on Date,
    fine UInt64,
    measures Array(LowCardinality(String)),
    handled Bool,
    handled_on Date,
    findings Nested
    (
        code LowCardinality(String),
        serious Bool
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
