-- The newest revision of each commune's report on workers without a contract.
CREATE TABLE IF NOT EXISTS commune_report
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
    workers_without_contract Nullable(UInt32),
    accidents UInt32,
    accidents_fatal UInt32,
    accidents_multi UInt32,
    victims UInt32,
    victims_outside UInt32,
    women UInt32,
    women_outside UInt32,
    deaths UInt32,
    deaths_outside UInt32,
    serious UInt32,
    serious_outside UInt32,
    causes Nested
    (
        code LowCardinality(String),
        accidents UInt32,
        accidents_fatal UInt32,
        accidents_multi UInt32,
        victims UInt32,
        victims_outside UInt32,
        women UInt32,
        women_outside UInt32,
        deaths UInt32,
        deaths_outside UInt32,
        serious UInt32,
        serious_outside UInt32
    ),
    sectors Nested
    (
        vsic_version LowCardinality(String),
        vsic_section LowCardinality(String),
        vsic_code LowCardinality(String),
        accidents UInt32,
        accidents_fatal UInt32,
        accidents_multi UInt32,
        victims UInt32,
        victims_outside UInt32,
        women UInt32,
        women_outside UInt32,
        deaths UInt32,
        deaths_outside UInt32,
        serious UInt32,
        serious_outside UInt32
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
