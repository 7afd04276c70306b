-- What a sink has found the store to have lost of a partition, before it stores it
-- again. The deduplication log may outlive the rows it stands for, so what is stored
-- again needs other tokens than before: they name the last loss.
CREATE TABLE IF NOT EXISTS store_loss
(
    epoch           UUID,
    kafka_partition UInt16,
    loss            UUID,
    -- Messages at the end of what was committed, and stretches in its middle.
    behind          UInt64,
    holes           UInt64,
    noticed_at      DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (epoch, kafka_partition, noticed_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
