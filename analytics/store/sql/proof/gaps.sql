-- Runs of offsets that neither report_log nor dead_letter has: the space between an
-- offset and the one before it. The first is preceded by from − 1, the last followed by
-- to + 1, which takes signed numbers.
SELECT toUInt64(previous + 1) AS low, toUInt64(place - 1) AS high
FROM
(
    SELECT
        place,
        lagInFrame(place, 1, {from:Int64} - 1) OVER (ORDER BY place ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous
    FROM
    (
        SELECT DISTINCT toInt64(kafka_offset) AS place
        FROM report_log
        WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset BETWEEN {from:UInt64} AND {to:UInt64}
        UNION DISTINCT
        SELECT toInt64(kafka_offset) AS place
        FROM dead_letter
        WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset BETWEEN {from:UInt64} AND {to:UInt64}
        UNION ALL
        SELECT {to:Int64} + 1 AS place
    )
)
WHERE place > previous + 1
ORDER BY low
LIMIT {limit:UInt32}
