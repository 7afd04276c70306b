-- The newest revision of each entry of the register of expected reporters. All have one
-- stat_year, so that the register is one partition. A last day of 1970 is none: it lasts.
CREATE TABLE IF NOT EXISTS registration
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
    reporter_authority LowCardinality(String),
    unit_type LowCardinality(String),
    authority LowCardinality(String),
    establishment_type LowCardinality(String),
    size_class LowCardinality(String),
    active_from Date,
    active_to Date,
    head_office Nested
    (
        province_list LowCardinality(String),
        province_code LowCardinality(String),
        first_day Date,
        last_day Date
    ),
    sites Nested
    (
        site String,
        province_list LowCardinality(String),
        province_code LowCardinality(String),
        first_day Date,
        last_day Date
    ),
    hazard Nested
    (
        first_day Date,
        last_day Date
    ),
    strict_jobs Nested
    (
        first_day Date,
        last_day Date
    ),
    services Array(LowCardinality(String)),
    workers Nested
    (
        year UInt32,
        total UInt32
    ),
    covered Nested
    (
        by String,
        first_day Date,
        last_day Date
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
