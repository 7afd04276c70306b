-- What the store is: one row, written once by Init. An insert with a fixed
-- deduplication token is the only compare-and-set that ClickHouse offers: of two
-- processes that start at once, one writes and both read what it wrote.
CREATE TABLE IF NOT EXISTS store_info
(
    store_id      UUID,
    demonstration Bool,
    created_at    DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY store_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Kafka offsets mean something only within one log. Moving to another broker, or
-- losing the old one, opens the next epoch, whose offsets start again at 0.
CREATE TABLE IF NOT EXISTS log_epoch
(
    number    UInt8,
    epoch     UUID,
    opened_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY number
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
