SELECT
    tupleElement(arrayJoin(
    [
        ('hours_worked', 'contract', toInt64(sum(hours_worked))),
        ('days_off_with_hours', 'contract', toInt64(sum(days_off)))
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
        stat_year, period_class AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
        '' AS split, '' AS member, hours_worked, victims, commuting_victims, days_off
    FROM
    (
        SELECT
            stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code, vsic_version, vsic_section,
            hours_worked, victims, commuting_victims, days_off
        FROM annex_xii FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND period_class IN {periods:Array(String)}
            AND hours_worked > 0
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
GROUP BY of_year, of_list, of_province
UNION ALL
SELECT
    tupleElement(arrayJoin(
    [
        ('osh_staff', '', toInt64(sum(osh_staff))),
        ('osh_staff_trained', '', toInt64(sum(osh_staff_trained)))
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
        stat_year, 'Y' AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section, '' AS split, '' AS member,
        strict_jobs, strict_jobs_trained, osh_staff, osh_staff_trained, health_staff, health_staff_trained
    FROM osh_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND 'Y' IN {periods:Array(String)}
)
GROUP BY of_year, of_list, of_province
UNION ALL
SELECT
    tupleElement(arrayJoin(
    [
        ('local_officers', '', toInt64(sum(officers))),
        ('local_officers_trained', '', toInt64(sum(trained)))
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
        stat_year, 'Y' AS period, 0 AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section, '' AS split, '' AS member,
        arraySum(`local_officers.total`) AS officers, arraySum(`local_officers.trained`) AS trained
    FROM training_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND 'Y' IN {periods:Array(String)}
        AND notEmpty(`local_officers.level`)
)
GROUP BY of_year, of_list, of_province
UNION ALL
SELECT
    tupleElement(arrayJoin(
    [
        ('victims_entitled', '', toInt64(sum(accidents_entitled) + sum(diseases_entitled))),
        ('victims_entitled_paid', '', toInt64(sum(accidents_paid) + sum(diseases_paid)))
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
        stat_year, 'Y' AS period, 0 AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section, '' AS split, '' AS member,
        accidents_entitled, accidents_paid, diseases_entitled, diseases_paid
    FROM insurance_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND 'Y' IN {periods:Array(String)}
)
GROUP BY of_year, of_list, of_province
UNION ALL
SELECT
    tupleElement(arrayJoin(
    [
        ('hazard_establishments', '', toInt64(count())),
        ('hazard_establishments_monitored', '', toInt64(countIf(monitored)))
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
        toUInt16(year) AS stat_year, 'Y' AS period, 0 AS month, office.1 AS province_list, office.2 AS province_code, vsic_version, vsic_section,
        '' AS split, '' AS member, (unit, year) IN
        (
            SELECT arrayJoin([unit, concat(splitByChar('/', unit)[1], '/0')]), stat_year
            FROM monitoring_report FINAL
            WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        ) AS monitored
    FROM
    (
        SELECT
            unit, vsic_version, vsic_section,
            arrayJoin(arrayFilter(
                y -> active_from <= makeDate(y, 12, 31) AND (active_to = toDate(0) OR active_to >= makeDate(y, 1, 1))
                    AND arrayExists((first, last) -> first <= makeDate(y, 12, 31) AND (last = toDate(0) OR last >= makeDate(y, 1, 1)), `hazard.first_day`, `hazard.last_day`),
                range({from:UInt16}, least({to:UInt16}, toYear({today:Date})) + 1))) AS year,
            arrayFirst(stay -> stay.3 <= makeDate(year, 12, 31), arrayReverseSort(stay -> stay.3,
                arrayZip(`head_office.province_list`, `head_office.province_code`, `head_office.first_day`))) AS office
        FROM registration FINAL
        WHERE stat_year = 1900
            AND unit_type = 'establishment'
            AND notEmpty(`hazard.first_day`)
            AND 'Y' IN {periods:Array(String)}
    )
)
GROUP BY of_year, of_list, of_province
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
