-- The newest revision of each report of a medical facility on victims it treated.
CREATE TABLE IF NOT EXISTS clinic_report
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
    victims UInt32,
    women UInt32,
    died UInt32,
    serious UInt32,
    contract Nullable(UInt32),
    no_contract Nullable(UInt32),
    factors Nested
    (
        list LowCardinality(String),
        code LowCardinality(String),
        victims UInt32,
        died UInt32
    ),
    injuries Nested
    (
        code LowCardinality(String),
        victims UInt32,
        died UInt32
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
