-- Places in the log that have a dead letter, however often it was written.
SELECT uniqExact(kafka_offset)
FROM dead_letter
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset BETWEEN {from:UInt64} AND {to:UInt64}
