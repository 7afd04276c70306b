-- The newest revision of each investigation of an accident. Days are text, '' while a
-- stage is not reached: a Date cannot be absent.
CREATE TABLE IF NOT EXISTS investigation
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
    accident_id UInt128,
    accident_on Date,
    level LowCardinality(String),
    severity LowCardinality(String),
    news_received String,
    opened String,
    extended String,
    extension_days UInt32,
    examination String,
    file_returned String,
    published String,
    closed String,
    cause LowCardinality(String),
    factor_list LowCardinality(String),
    factor_code LowCardinality(String),
    cost_medical UInt64,
    cost_wages UInt64,
    cost_compensation UInt64,
    property_damage UInt64,
    victims Nested
    (
        severity LowCardinality(String),
        occupation LowCardinality(String),
        days_off UInt32
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
