-- The newest revision of each accident declaration. Nothing that an amendment may
-- change is in the key: the partition (stat_year) is fixed for the life of a
-- report, so FINAL may treat partitions apart.
CREATE TABLE IF NOT EXISTS accident_declaration
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
    accident_id UInt128,
    occurred_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    month UInt8,
    cause LowCardinality(String),
    factor_list LowCardinality(String),
    factor_code LowCardinality(String),
    commuting Bool,
    victims Nested
    (
        person String,
        name_key String,
        severity LowCardinality(String),
        employment LowCardinality(String),
        sex LowCardinality(String),
        age_group LowCardinality(String),
        occupation LowCardinality(String),
        under_management UInt8
    ),

    -- Quotes another declaration's accident: found without reading the ids.
    joined UInt8 MATERIALIZED accident_id != report_id
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
