-- What units let others do for them. Nothing is changed: a grantee and a unit have one
-- grant, and its newest event counts, so that granting again replaces what was granted and
-- no forgotten second grant outlives the end of the first. number is one more than that of
-- the newest event that the writer saw. Of two written at the same moment an end counts
-- before a grant.
CREATE TABLE IF NOT EXISTS access_grant
(
    grantee    LowCardinality(String),
    unit       String,
    number     UInt32,
    event_id   UUID,
    grant_id   UUID,
    act        LowCardinality(String),
    rights     Array(LowCardinality(String)),
    valid_from DateTime64(3, 'Asia/Ho_Chi_Minh'),
    -- 1970 is none: the grant lasts until it is ended.
    valid_to   DateTime64(3, 'Asia/Ho_Chi_Minh'),
    -- Who was let in, and the name that was given.
    principal  LowCardinality(String),
    by         String,
    reason     String,
    at         DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),

    INDEX grant_id grant_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
ORDER BY (grantee, unit, number)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
