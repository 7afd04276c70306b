-- Where places are missing or taken twice.
SELECT kafka_partition, kafka_offset, before, times
FROM
(
    SELECT
        kafka_partition, kafka_offset, times,
        lagInFrame(toInt64(kafka_offset), 1, -1) OVER (PARTITION BY kafka_partition ORDER BY kafka_offset) AS before
    FROM
    (
        SELECT kafka_partition, kafka_offset, count() AS times
        FROM
        (
            SELECT kafka_partition, kafka_offset FROM report_log
            UNION ALL
            SELECT kafka_partition, kafka_offset FROM dead_letter FINAL
        )
        GROUP BY kafka_partition, kafka_offset
    )
)
WHERE toInt64(kafka_offset) != before + 1 OR times > 1
ORDER BY kafka_partition, kafka_offset
LIMIT 10
