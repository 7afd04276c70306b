-- What a proof counts, without reading the table: rows, bounds and the sum of hashes of
-- every window of 65,536 offsets. A hole beside a repeat changes the sum, not the count.
-- It also tells how far each partition is stored and takes the place of "position": an
-- insert pays for one projection, not for two.
ALTER TABLE report_log ADD PROJECTION IF NOT EXISTS offset_window
(
    SELECT
        epoch, kafka_partition, bitShiftRight(kafka_offset, 16),
        count(), min(kafka_offset), max(kafka_offset), max(stored_at), sum(intHash64(kafka_offset))
    GROUP BY epoch, kafka_partition, bitShiftRight(kafka_offset, 16)
);

ALTER TABLE report_log MATERIALIZE PROJECTION offset_window;

ALTER TABLE report_log DROP PROJECTION IF EXISTS position;
