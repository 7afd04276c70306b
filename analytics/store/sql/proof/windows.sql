-- What report_log has of a partition, by windows of 65,536 offsets: how many rows, from
-- where to where, and the sum of the offsets' hashes, which tells a hole beside a repeat
-- from neither.
SELECT
    bitShiftRight(kafka_offset, 16) AS number,
    count() AS rows,
    min(kafka_offset) AS low,
    max(kafka_offset) AS high,
    sum(intHash64(kafka_offset)) AS hashes
FROM report_log
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16}
    AND bitShiftRight(kafka_offset, 16) BETWEEN bitShiftRight({from:UInt64}, 16) AND bitShiftRight({to:UInt64}, 16)
GROUP BY number
ORDER BY number
