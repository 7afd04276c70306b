SELECT
    tupleElement(arrayJoin(
    [
        ('establishments_due', '', toInt64(sumIf(due, kind = 'annex_xii'))),
        ('reports_of_due', '', toInt64(sumIf(reported, kind = 'annex_xii'))),
        ('monitoring_due', '', toInt64(sumIf(due, kind = 'monitoring_report')))
    ]) AS cell, 1) AS measure,
    toUInt16(stat_year) AS of_year,
    toUInt8(0) AS of_month,
    {list:String} AS of_list,
    transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, '') AS of_province,
    '' AS of_version,
    '' AS of_section,
    '' AS of_member,
    '' AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        {owed_year:Array(UInt16)}[n] AS stat_year, {owed_period:Array(String)}[n] AS period, 0 AS month,
        province_list, province_code, vsic_version, vsic_section, '' AS split, '' AS member,
        {owed_kind:Array(String)}[n] AS kind,
        covered_on > 0 OR filed_on > 0 AS reported,
        -- Whoever need not report counts only if he did.
        reported OR NOT exempt AS due,
        -- The first day that is too late, after an extension.
        greatest(toUInt16({owed_before:Array(Date)}[n]), if(extended_to = 0, 0, extended_to + 1)) AS too_late,
        -- The parent's report counts in the place of the branch's own.
        reported AND too_late > 0 AND if(covered_on > 0, covered_on < too_late, filed_on < too_late OR exempt) AS in_time
    FROM
    (
        -- The head office is that of the last day of the period.
        SELECT unit, n, toString(lists[stay]) AS province_list, toString(codes[stay]) AS province_code, vsic_version, vsic_section
        FROM
        (
            SELECT
                unit, n, lists, codes, vsic_version, vsic_section, {owed_last:Array(Date)}[n] AS last,
                arrayFirstIndex((first_day, last_day) -> first_day <= last AND (last_day = toDate(0) OR last_day >= last), stay_from, stay_to) AS stay
            FROM
            (
                SELECT
                    unit, unit_type, active_from, active_to, vsic_version, vsic_section,
                    `head_office.province_list` AS lists, `head_office.province_code` AS codes, `head_office.first_day` AS stay_from, `head_office.last_day` AS stay_to,
                    `hazard.first_day` AS hazard_from, `hazard.last_day` AS hazard_to
                FROM registration FINAL
                WHERE stat_year = {register:UInt16}
            )
            ARRAY JOIN arrayEnumerate({owed:Array(String)}) AS n
            -- Who owes it: of this type, active on the last day, and meeting the condition in the period.
            WHERE unit_type = {owed_type:Array(String)}[n]
                AND active_from <= last AND (active_to = toDate(0) OR active_to >= last)
                AND ({owed_condition:Array(String)}[n] = 'all'
                    OR {owed_condition:Array(String)}[n] = 'hazard' AND arrayExists((first_day, last_day) ->
                        first_day <= last AND (last_day = toDate(0) OR last_day >= {owed_first:Array(Date)}[n]), hazard_from, hazard_to))
        )
    ) AS owed
    ANY LEFT JOIN
    (
        SELECT owner AS unit, transform(concat(kind, ' ', of), {owed:Array(String)}, arrayEnumerate({owed:Array(String)}), toUInt32(0)) AS n, toUInt16(toDate(fromUnixTimestamp64Milli(at, 'Asia/Ho_Chi_Minh'))) AS filed_on
        FROM
        (
            SELECT 'filed' AS what, 'annex_xii' AS kind, unit AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, '' AS other, toUInt16(0) AS due
            FROM annex_xii FINAL
            WHERE stat_year IN {years:Array(UInt16)}
            UNION ALL
            SELECT 'filed' AS what, 'monitoring_report' AS kind, arrayJoin(arrayDistinct([unit, concat(splitByChar('/', unit)[1], '/0')])) AS owner, toString(period) AS of, min(toUnixTimestamp64Milli(filed_at)) AS at, '' AS other, toUInt16(0) AS due
            FROM monitoring_report FINAL
            WHERE stat_year IN {years:Array(UInt16)}
            GROUP BY owner, of
        )
        WHERE n > 0 AND unit IN (SELECT unit FROM registration WHERE stat_year = {register:UInt16})
    ) AS reports USING (unit, n)
    ANY LEFT JOIN
    (
        SELECT
            owner AS unit, transform(concat(kind, ' ', of), {owed:Array(String)}, arrayEnumerate({owed:Array(String)}), toUInt32(0)) AS n,
            toUInt16(toDate(fromUnixTimestamp64Milli(minIf(at, what = 'covered'), 'Asia/Ho_Chi_Minh'))) AS covered_on, max(what = 'exempt') AS exempt, max(due) AS extended_to
        FROM
        (
            SELECT 'covered' AS what, 'annex_xii' AS kind, arrayJoin(covers_branches) AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, unit AS other, toUInt16(0) AS due
            FROM annex_xii FINAL
            WHERE stat_year IN {years:Array(UInt16)} AND notEmpty(covers_branches) AND startsWith(owner, concat(splitByChar('/', unit)[1], '-'))
            UNION ALL
            SELECT toString(relief) AS what, toString(obligation) AS kind, unit AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, '' AS other, toUInt16(due_by) AS due
            FROM obligation_relief FINAL
            WHERE stat_year IN {years:Array(UInt16)}
    
        )
        GROUP BY unit, n
    ) AS decided USING (unit, n)
)
GROUP BY of_year, of_list, of_province
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
