-- The newest revision of each import of base figures: one source, area and period.
CREATE TABLE IF NOT EXISTS base_figures
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

    -- What the figures are of; both empty for the nation.
    province_list LowCardinality(String),
    province_code LowCardinality(String),
    -- Every table has these; here the figures have their own sections.
    vsic_version LowCardinality(String),
    vsic_section LowCardinality(String),
    vsic_code LowCardinality(String),
    nation UInt8,
    source_code LowCardinality(String),
    reference String,
    figures Nested
    (
        measure LowCardinality(String),
        employment LowCardinality(String),
        vsic_version LowCardinality(String),
        vsic_section LowCardinality(String),
        value UInt64,
        status LowCardinality(String),
        printed String
    )
)
ENGINE = ReplacingMergeTree(version, withdrawn)
PARTITION BY stat_year
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Base figures as they stood when their period was closed, beside closed_cell.
CREATE TABLE IF NOT EXISTS closed_base_figure
(
    close_id      UUID,
    stat_year     UInt16,
    period        LowCardinality(String),
    province_list LowCardinality(String),
    province_code LowCardinality(String),
    measure       LowCardinality(String),
    employment    LowCardinality(String),
    vsic_version  LowCardinality(String),
    vsic_section  LowCardinality(String),
    value         UInt64,
    status        LowCardinality(String),
    printed       String,
    report_id     UInt128,
    unit          String,
    source_code   LowCardinality(String),
    reference     String,
    received_at   DateTime64(3, 'Asia/Ho_Chi_Minh')
)
ENGINE = MergeTree
ORDER BY (close_id, stat_year)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
