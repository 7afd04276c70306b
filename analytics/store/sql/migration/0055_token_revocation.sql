-- Tokens that are no longer accepted though they have not expired. kind says what value
-- names: token (its jti), subject (keyed pseudonym of issuer and subject) or principal (as it
-- stands in stored reports and in the audit log). It ends what was issued before
-- issued_before. Rows are only added.
CREATE TABLE IF NOT EXISTS token_revocation
(
    revocation_id UUID,
    kind          LowCardinality(String),
    value         String,
    issued_before DateTime64(3, 'Asia/Ho_Chi_Minh'),
    at            DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),
    by            String,
    token         String,
    reason        String
)
ENGINE = MergeTree
ORDER BY (at, revocation_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
