-- The newest revision of each establishment's yearly safety and health report.
CREATE TABLE IF NOT EXISTS osh_report
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
    workers UInt32,
    workers_women UInt32,
    minors UInt32,
    elderly UInt32,
    disabled UInt32,
    hazardous UInt32,
    strict_jobs UInt32,
    strict_jobs_trained UInt32,
    osh_staff UInt32,
    osh_staff_trained UInt32,
    health_staff UInt32,
    health_staff_trained UInt32,
    equipment_in_use UInt32,
    equipment_inspected UInt32,
    equipment_overdue UInt32,
    health_checked UInt32,
    health_class_1 UInt32,
    health_class_2 UInt32,
    health_class_3 UInt32,
    health_class_4 UInt32,
    health_class_5 UInt32,
    disease_examined UInt32,
    benefits_entitled UInt32,
    benefits_paid UInt32,
    benefits_amount UInt64,
    spending UInt64,
    spending_safety UInt64,
    spending_hygiene UInt64,
    spending_protective UInt64,
    spending_health_care UInt64,
    spending_training UInt64,
    spending_risk_assessment UInt64,
    spending_other UInt64,
    training Nested
    (
        group LowCardinality(String),
        persons UInt32,
        trained UInt32,
        valid UInt32
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
