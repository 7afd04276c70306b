-- Who looked at what. Rows are never changed nor deleted; whoever does it all the same is found
-- out, because an entry holds the hash of the one before it in its chain and is signed. So there
-- is no column that is not part of what is hashed or signed, and none with a default.
CREATE TABLE IF NOT EXISTS audit_entry
(
    chain       UUID,
    number      UInt64,
    at          DateTime64(3, 'Asia/Ho_Chi_Minh'),
    kind        LowCardinality(String),
    key         LowCardinality(String),
    who         LowCardinality(String),
    role        LowCardinality(String),
    token       LowCardinality(String),
    extent      LowCardinality(String),
    nation      Bool,
    units       UInt32,
    provinces   UInt32,
    sections    UInt32,
    operation   LowCardinality(String),
    action      LowCardinality(String),
    -- What was touched, one element each; the fields of one are parted by line feeds.
    on_kind     Array(LowCardinality(String)),
    on_id       Array(String),
    on_revision Array(UInt32),
    on_fields   Array(String),
    purpose     LowCardinality(String),
    reference   String,
    outcome     LowCardinality(String),
    status      UInt16,
    by          String,
    reason      String,
    dropped     UInt32,
    request_id  UUID,
    network     LowCardinality(String),
    -- Newest entries of other chains.
    head_chain  Array(UUID),
    head_number Array(UInt64),
    head_hash   Array(FixedString(32)),
    previous    FixedString(32),
    hash        FixedString(32),
    signature   String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (chain, number)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
