-- How far each partition of a log is stored.
SELECT kafka_partition, sum(log_rows), sum(dead_rows), max(log_high), max(dead_high), min(lowest)
FROM
(
    SELECT
        kafka_partition, count() AS log_rows, toUInt64(0) AS dead_rows,
        toInt64(max(kafka_offset)) AS log_high, toInt64(-1) AS dead_high, toInt64(min(kafka_offset)) AS lowest
    FROM report_log
    WHERE epoch = {epoch:UUID}
    GROUP BY kafka_partition
    UNION ALL
    SELECT
        kafka_partition, 0 AS log_rows, uniqExact(kafka_offset) AS dead_rows,
        toInt64(-1) AS log_high, toInt64(max(kafka_offset)) AS dead_high, toInt64(min(kafka_offset)) AS lowest
    FROM dead_letter
    WHERE epoch = {epoch:UUID}
    GROUP BY kafka_partition
)
GROUP BY kafka_partition
