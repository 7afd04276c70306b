-- The figures of a period as they stood when it was closed. Cells without a row in
-- period_close belong to a closing that did not finish and are never read.
CREATE TABLE IF NOT EXISTS closed_cell
(
    close_id      UUID,
    measure       LowCardinality(String),
    stat_year     UInt16,
    period        LowCardinality(String),
    month         UInt8,
    province_list LowCardinality(String),
    province_code LowCardinality(String),
    vsic_version  LowCardinality(String),
    vsic_section  LowCardinality(String),
    cause         LowCardinality(String),
    employment    LowCardinality(String),
    split         LowCardinality(String),
    value         Int64
)
ENGINE = MergeTree
ORDER BY (close_id, measure, stat_year)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Written after the cells: the row is the proof that they are complete.
CREATE TABLE IF NOT EXISTS period_close
(
    period    LowCardinality(String),
    as_of     DateTime64(3, 'Asia/Ho_Chi_Minh'),
    close_id  UUID,
    measures  Array(LowCardinality(String)),
    closed_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),
    closed_by LowCardinality(String),
    note      String
)
ENGINE = MergeTree
ORDER BY (period, as_of)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
