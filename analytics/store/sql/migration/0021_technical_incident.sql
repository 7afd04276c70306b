-- The newest revision of each report on a serious technical incident. accidents are the
-- accident_ids of the occupational accidents that it caused.
CREATE TABLE IF NOT EXISTS technical_incident
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
    occurred_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    equipment LowCardinality(String),
    strict_requirements Bool,
    beyond_control Bool,
    several_units Bool,
    harmful_release LowCardinality(String),
    evacuated UInt32,
    dead UInt32,
    injured UInt32,
    stopped_hours UInt32,
    property_damage UInt64,
    accidents Array(UInt128)
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
