epoch = {epoch:UUID} AND toInt64(kafka_offset) > transform(kafka_partition, {partitions:Array(UInt16)}, {offsets:Array(Int64)}, toInt64(-1))
