-- The newest revision of each workplace-monitoring report: one campaign of one
-- body at one site.
CREATE TABLE IF NOT EXISTS monitoring_report
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
    campaign UInt32,
    performed_on Date,
    body_tax_code String,
    body_licence String,
    samples UInt64,
    samples_over UInt64,
    factors Nested
    (
        factor LowCardinality(String),
        samples UInt32,
        over UInt32
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
