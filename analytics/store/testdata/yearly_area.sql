SELECT
    unit, toString(last.1), toString(last.2), toString(last.3), toString(last.4), toInt64(registered),
    arrayMap(y -> toUInt32(y.1), years), arrayMap(y -> toString(y.2), years), arrayMap(y -> toUInt32(y.3), years),
    arrayMap(y -> [toInt64(y.4), toInt64(y.5), toInt64(y.6), toInt64(y.7)], years)
FROM
(
    SELECT
        unit,
        arraySort(y -> y.1, groupArray((stat_year, report_id, revision, workers, accidents, victims, deaths))) AS years,
        argMax((province_list, province_code, vsic_version, vsic_section), stat_year) AS last,
        toUInt64(maxIf(workers, stat_year = {to:UInt16})) AS workers_now,
        toUInt64(maxIf(workers, stat_year = {to:UInt16} - 1)) AS workers_before,
        maxIf(victims, stat_year = {to:UInt16}) AS victims_now,
        count() = {to:UInt16} - {from:UInt16} + 1 AND sum(accidents) = 0 AS silent
    FROM annex_xii FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period = toString(stat_year)
        AND unit > {after:String}
        AND (empty({provinces:Array(String)}) OR has({provinces:Array(String)}, concat(province_list, '/', province_code)))
        AND (branch = '' OR (period, branch) NOT IN
        (
            SELECT period, splitByChar('/', covered)[1]
            FROM
            (
                -- The newest revision, as FINAL would choose it, of few reports.
                SELECT argMax(period, version) AS period, argMax(unit, version) AS unit, argMax(covers_branches, version) AS covers, argMax(withdrawn, version) AS gone
                FROM annex_xii
                WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
                    AND report_id IN (SELECT report_id FROM annex_xii WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16} AND notEmpty(covers_branches))
                GROUP BY report_id
            )
            ARRAY JOIN covers AS covered
            WHERE gone = 0 AND startsWith(covered, concat(splitByChar('/', unit)[1], '-'))
        ))
        AND (concat(province_list, '/', province_code) IN {reach:Array(String)})
    GROUP BY unit
) AS filed
LEFT JOIN
(
    SELECT unit, `workers.total`[indexOf(`workers.year`, {to:UInt32})] AS registered
    FROM registration FINAL
    WHERE stat_year = {register:UInt16} AND unit_type = 'establishment'
) AS register USING (unit)
WHERE silent AND (greatest(workers_now, registered) >= {large:UInt32}
        OR workers_before >= {shrinking:UInt32} AND workers_now * 100 < workers_before * (100 - {fall:UInt8}))
    OR victims_now >= {victims:UInt32}
ORDER BY unit
LIMIT {limit:UInt32}
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
