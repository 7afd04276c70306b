-- What was done about every API key: made, rotated, revoked. The events of a key are
-- numbered from 1; of two at the same moment one takes the number. They are only added to.
-- hash is the SHA-256 of a secret in hex; the secret itself is nowhere. A time of 1970 is none.
CREATE TABLE IF NOT EXISTS access_key_event
(
    key_id     String,
    number     UInt32,
    event_id   UUID,
    event      LowCardinality(String),
    at         DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),
    by         String,
    token      String,
    reason     String,
    -- Of made: whose key it is, and what it may do for ever.
    owner      String,
    name       String,
    role       LowCardinality(String),
    units      Array(String),
    provinces  Array(LowCardinality(String)),
    nation     Bool,
    sections   Array(LowCardinality(String)),
    expires_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    -- Of made and rotated: the secret that is valid from now on, and until when the one
    -- before it is valid as well.
    hash       String,
    grace_until DateTime64(3, 'Asia/Ho_Chi_Minh')
)
ENGINE = MergeTree
ORDER BY (key_id, number)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
