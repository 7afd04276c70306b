-- Ranges of the log whose rows a store had lost while it still knew their tokens: it
-- took the range for a repetition and dropped it. What is stored again needs other
-- tokens than before, so from then on they name the last loss.
CREATE TABLE IF NOT EXISTS store_loss
(
    epoch           UUID,
    kafka_partition UInt16,
    loss            UUID,
    -- The range by which it was noticed.
    range_low       UInt64,
    range_high      UInt64,
    noticed_at      DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (epoch, kafka_partition, noticed_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
