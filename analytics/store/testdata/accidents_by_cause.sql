SELECT
    tupleElement(arrayJoin(
    [
        ('accidents', 'contract', toInt64(sum(accidents))),
        ('victims', 'contract', toInt64(sum(victims)))
    ]) AS cell, 1) AS measure,
    toUInt16(stat_year) AS of_year,
    toUInt8(0) AS of_month,
    '' AS of_list,
    '' AS of_province,
    '' AS of_version,
    '' AS of_section,
    toString(member) AS of_member,
    cell.2 AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        stat_year, period_class AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
        part.1 AS split, part.2 AS member, part.3 AS head, tupleElement(part, 4) AS accidents, tupleElement(part, 5) AS victims
    FROM
    (
        SELECT
            stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code, vsic_version, vsic_section,
            arrayJoin(arrayConcat(
                if(empty(`rows.block`),
                    [('cause', '', 1, toInt64(accidents), toInt64(victims))],
                    arrayConcat(
                        [('cause', '', 1, toInt64(accidents) - arraySum((b, v) -> if(b = '1.1', toInt64(v), 0), `rows.block`, `rows.accidents`), toInt64(victims) - arraySum((b, v) -> if(b = '1.1', toInt64(v), 0), `rows.block`, `rows.victims`))],
                        arrayMap(i -> ('cause', toString(`rows.code`[i]), 0, toInt64(`rows.accidents`[i]), toInt64(`rows.victims`[i])),
                            arrayFilter(i -> `rows.block`[i] = '1.1', arrayEnumerate(`rows.block`))))))) AS part
        FROM annex_xii FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND period_class IN {periods:Array(String)}
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
    )
)
GROUP BY of_year, of_member
UNION ALL
SELECT
    tupleElement(arrayJoin(
    [
        ('accidents', 'no_contract', toInt64(sum(accidents))),
        ('victims', 'no_contract', toInt64(sum(victims)))
    ]) AS cell, 1) AS measure,
    toUInt16(stat_year) AS of_year,
    toUInt8(0) AS of_month,
    '' AS of_list,
    '' AS of_province,
    '' AS of_version,
    '' AS of_section,
    toString(member) AS of_member,
    cell.2 AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        stat_year, period_class AS period, 0 AS month, province_list, province_code,
        part.1 AS split, part.2 AS member, part.3 AS vsic_version, part.4 AS vsic_section, part.5 AS head, tupleElement(part, 6) AS accidents, tupleElement(part, 7) AS victims
    FROM
    (
        SELECT
            stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code,
            arrayJoin(arrayConcat(
                [('cause', '', '', '', 1, toInt64(accidents) - arraySum(`causes.accidents`), toInt64(victims) - arraySum(`causes.victims`))],
                arrayMap(i -> ('cause', toString(`causes.code`[i]), '', '', 0, toInt64(`causes.accidents`[i]), toInt64(`causes.victims`[i])),
                    arrayEnumerate(`causes.code`)))) AS part
        FROM commune_report FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND period_class IN {periods:Array(String)}
    )
)
GROUP BY of_year, of_member
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
