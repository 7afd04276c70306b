-- The same of dead_letter, where a place in the log counts once however often it was
-- written: its rows merge late, and of replicas each may have its own.
SELECT
    bitShiftRight(kafka_offset, 16) AS number,
    count() AS rows,
    min(kafka_offset) AS low,
    max(kafka_offset) AS high,
    sum(intHash64(kafka_offset)) AS hashes
FROM
(
    SELECT DISTINCT kafka_offset
    FROM dead_letter
    WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16}
        AND bitShiftRight(kafka_offset, 16) BETWEEN bitShiftRight({from:UInt64}, 16) AND bitShiftRight({to:UInt64}, 16)
)
GROUP BY number
ORDER BY number
