-- Ranges that begin inside an earlier one. Ranges of one partition are the same or have
-- nothing in common, so in order each begins behind the end of all before it.
SELECT low, high, toUInt64(count() OVER ()) AS total
FROM
(
    SELECT
        range_low AS low, range_high AS high,
        row_number() OVER (ORDER BY range_low, range_high ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS position,
        max(range_high) OVER (ORDER BY range_low, range_high ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM
    (
        SELECT DISTINCT range_low, range_high
        FROM report_log
        WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset BETWEEN {from:UInt64} AND {to:UInt64}
    )
)
WHERE position > 1 AND low <= reached
ORDER BY low, high
LIMIT {limit:UInt32}
