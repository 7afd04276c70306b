-- The ranges that rows were stored with, and rows that lie outside of their own.
SELECT kafka_partition, range_low, range_high, countIf(kafka_offset < range_low OR kafka_offset > range_high) AS outside
FROM report_log
GROUP BY kafka_partition, range_low, range_high
ORDER BY kafka_partition, range_low, range_high
