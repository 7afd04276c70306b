SELECT
    tupleElement(arrayJoin(
    [
        ('accidents', 'contract', toInt64(sum(accidents)))
    ]) AS cell, 1) AS measure,
    toUInt16(0) AS of_year,
    toUInt8(0) AS of_month,
    '' AS of_list,
    '' AS of_province,
    toString(vsic_version) AS of_version,
    toString(vsic_section) AS of_section,
    '' AS of_member,
    '' AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        stat_year, period_class AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
        '' AS split, '' AS member, 1 AS head, accidents
    FROM
    (
        SELECT
            stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code, vsic_version, vsic_section, accidents
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
WHERE (period != 'E' OR month BETWEEN 1 AND 6)
GROUP BY of_version, of_section
UNION ALL
SELECT
    tupleElement(arrayJoin(
    [
        ('accidents', 'no_contract', toInt64(sum(accidents)))
    ]) AS cell, 1) AS measure,
    toUInt16(0) AS of_year,
    toUInt8(0) AS of_month,
    '' AS of_list,
    '' AS of_province,
    toString(vsic_version) AS of_version,
    toString(vsic_section) AS of_section,
    '' AS of_member,
    '' AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        stat_year, period_class AS period, 0 AS month, province_list, province_code,
        part.1 AS split, part.2 AS member, part.3 AS vsic_version, part.4 AS vsic_section, part.5 AS head, tupleElement(part, 6) AS accidents
    FROM
    (
        SELECT
            stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code,
            arrayJoin(arrayConcat(
                [('', '', '', '', 1, toInt64(accidents) - (arraySum(`sectors.accidents`)))],
                arrayMap(i -> ('', '', toString(`sectors.vsic_version`[i]), toString(`sectors.vsic_section`[i]), 0, toInt64(`sectors.accidents`[i])),
                    arrayEnumerate(`sectors.vsic_section`)))) AS part
        FROM commune_report FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND period_class IN {periods:Array(String)}
    )
)
WHERE (period != 'E' OR month BETWEEN 1 AND 6)
GROUP BY of_version, of_section
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
