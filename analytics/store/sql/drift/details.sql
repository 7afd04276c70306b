-- Reports whose current row is not what the log says, if either is of an asked kind and
-- year.
SELECT
    report_id,
    arraySort(groupArrayIf((kind, stat_year, version, kafka_partition), side = 1 AND NOT withdrawn)) AS logged,
    arraySort(groupArrayIf((kind, stat_year, version, kafka_partition), side = 2)) AS current,
    toUInt64(count() OVER ()) AS total
FROM
(
    SELECT *, 1 AS side
    FROM
    (
{{template "logged" .}}
    )
    UNION ALL
    SELECT *, 2 AS side
    FROM
    (
{{template "current" .}}
    )
)
GROUP BY report_id
HAVING NOT max(beyond) AND logged != current
    AND max(has(arrayZip({kinds:Array(String)}, {years:Array(UInt16)}), (kind, stat_year)))
ORDER BY report_id
LIMIT {limit:UInt32}
