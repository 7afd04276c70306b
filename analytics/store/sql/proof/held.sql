-- What both tables have of a range of offsets: rows of report_log, dead letters, and
-- distinct offsets of either.
SELECT sum(in_log) AS rows, countIf(in_dead > 0) AS rejected, count() AS held
FROM
(
    SELECT kafka_offset, sum(logged) AS in_log, max(dead) AS in_dead
    FROM
    (
        SELECT kafka_offset, toUInt64(1) AS logged, toUInt8(0) AS dead
        FROM report_log
        WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset BETWEEN {from:UInt64} AND {to:UInt64}
        UNION ALL
        SELECT kafka_offset, toUInt64(0) AS logged, toUInt8(1) AS dead
        FROM dead_letter
        WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset BETWEEN {from:UInt64} AND {to:UInt64}
    )
    GROUP BY kafka_offset
)
