-- The newest revision of each report on a case of occupational disease. Several reports
-- may be about one case: see DiseaseFunnel. A day that has not come is 1970-01-01; stage
-- counts from 1 (exposed) to 6 (benefit).
CREATE TABLE IF NOT EXISTS disease_case
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
    reporter_type LowCardinality(String),
    workplace String,
    person String,
    name_key String,
    sex LowCardinality(String),
    age_group LowCardinality(String),
    occupation LowCardinality(String),
    employment LowCardinality(String),
    factor LowCardinality(String),
    stage UInt8,
    exposed_on Date,
    examined_on Date,
    suspected_on Date,
    diagnosed_on Date,
    assessed_on Date,
    benefit_on Date,
    disease LowCardinality(String),
    case_status LowCardinality(String),
    loss_percent Nullable(UInt32),
    died_on Date,
    benefit_kind LowCardinality(String),
    benefit_vnd UInt64
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
