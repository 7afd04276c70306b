-- The newest revision of each Annex XII report. Totals of block 1 are plain
-- columns, those of block 2 carry the prefix commuting_.
CREATE TABLE IF NOT EXISTS annex_xii
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
    payroll_million_vnd UInt64,
    covers_branches Array(String),
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
    commuting_accidents UInt32,
    commuting_accidents_fatal UInt32,
    commuting_accidents_multi UInt32,
    commuting_victims UInt32,
    commuting_victims_outside UInt32,
    commuting_women UInt32,
    commuting_women_outside UInt32,
    commuting_deaths UInt32,
    commuting_deaths_outside UInt32,
    commuting_serious UInt32,
    commuting_serious_outside UInt32,
    rows Nested
    (
        block LowCardinality(String),
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
    days_off UInt64,
    cost_total UInt64,
    cost_medical UInt64,
    cost_wages UInt64,
    cost_compensation UInt64,
    property UInt64,

    -- The tax code of a branch, '' for everybody else: only a branch's report can be
    -- replaced by its parent's, and nothing else needs the long unit to be read.
    branch String MATERIALIZED if(substring(unit, 11, 1) = '-', substring(unit, 1, 14), '')
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
