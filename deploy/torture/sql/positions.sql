-- Every place of the log that the store has, in report_log or as a dead letter: how
-- many rows, and how many places.
SELECT kafka_partition, count() AS rows, uniqExact(kafka_offset) AS places, min(kafka_offset), max(kafka_offset)
FROM
(
    SELECT kafka_partition, kafka_offset FROM report_log
    UNION ALL
    SELECT kafka_partition, kafka_offset FROM dead_letter FINAL
)
GROUP BY kafka_partition
ORDER BY kafka_partition
