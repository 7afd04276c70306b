SELECT
    tupleElement(arrayJoin(
    [
        ('accidents', 'contract', toInt64(sum(accidents)))
    ]) AS cell, 1) AS measure,
    toUInt16(0) AS of_year,
    toUInt8(0) AS of_month,
    '' AS of_list,
    '' AS of_province,
    '' AS of_version,
    '' AS of_section,
    '' AS of_member,
    cell.2 AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        stat_year, 'H2' AS period, 0 AS month, what.1 AS province_list, what.2 AS province_code, what.3 AS vsic_version, what.4 AS vsic_section,
        '*' AS split, '' AS member, other_branches, below, head, rest_accidents * head AS accidents
    FROM
    (
        SELECT
            stat_year, unit,
            anyIf((province_list, province_code, vsic_version, vsic_section), whole) AS what, anyIf(workers, whole) AS year_workers,
            sum(sign * accidents) AS rest_accidents, sum(sign * commuting_accidents) AS rest_commuting_accidents,
            sum(sign * accidents_fatal) AS rest_accidents_fatal, sum(sign * commuting_accidents_fatal) AS rest_commuting_accidents_fatal,
            sum(sign * accidents_multi) AS rest_accidents_multi, sum(sign * commuting_accidents_multi) AS rest_commuting_accidents_multi,
            sum(sign * victims) AS rest_victims, sum(sign * commuting_victims) AS rest_commuting_victims,
            sum(sign * victims_outside) AS rest_victims_outside, sum(sign * commuting_victims_outside) AS rest_commuting_victims_outside,
            sum(sign * women) AS rest_women, sum(sign * commuting_women) AS rest_commuting_women,
            sum(sign * women_outside) AS rest_women_outside, sum(sign * commuting_women_outside) AS rest_commuting_women_outside,
            sum(sign * deaths) AS rest_deaths, sum(sign * commuting_deaths) AS rest_commuting_deaths,
            sum(sign * deaths_outside) AS rest_deaths_outside, sum(sign * commuting_deaths_outside) AS rest_commuting_deaths_outside,
            sum(sign * serious) AS rest_serious, sum(sign * commuting_serious) AS rest_commuting_serious,
            sum(sign * serious_outside) AS rest_serious_outside, sum(sign * commuting_serious_outside) AS rest_commuting_serious_outside,
            -- One of the two reports speaks for a branch for which the other does not.
            uniqExact(arraySort(covers_branches)) > 1 AS other_branches,
            NOT other_branches AND arrayMin([rest_accidents, rest_commuting_accidents, rest_accidents_fatal, rest_commuting_accidents_fatal, rest_accidents_multi, rest_commuting_accidents_multi, rest_victims, rest_commuting_victims, rest_victims_outside, rest_commuting_victims_outside, rest_women, rest_commuting_women, rest_women_outside, rest_commuting_women_outside, rest_deaths, rest_commuting_deaths, rest_deaths_outside, rest_commuting_deaths_outside, rest_serious, rest_commuting_serious, rest_serious_outside, rest_commuting_serious_outside]) < 0 AS below,
            NOT other_branches AND NOT below AS head
        FROM
        (
            SELECT
                stat_year, unit, province_list, province_code, vsic_version, vsic_section, workers, covers_branches,
                NOT endsWith(period, 'H1') AS whole, if(whole, 1, -1) AS sign, accidents, commuting_accidents, accidents_fatal, commuting_accidents_fatal, accidents_multi, commuting_accidents_multi, victims, commuting_victims, victims_outside, commuting_victims_outside, women, commuting_women, women_outside, commuting_women_outside, deaths, commuting_deaths, deaths_outside, commuting_deaths_outside, serious, commuting_serious, serious_outside, commuting_serious_outside
            FROM annex_xii FINAL
            WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
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
        GROUP BY stat_year, unit
        HAVING count() = 2
    )
)
WHERE (period != 'E' OR month BETWEEN 7 AND 12)
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
    '' AS of_version,
    '' AS of_section,
    '' AS of_member,
    cell.2 AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        stat_year, 'H2' AS period, 0 AS month, what.1 AS province_list, what.2 AS province_code, '' AS vsic_version, '' AS vsic_section,
        '*' AS split, '' AS member, below, head, rest_accidents * head AS accidents
    FROM
    (
        SELECT
            stat_year, unit, anyIf((province_list, province_code), whole) AS what,
            sum(sign * accidents) AS rest_accidents,
            sum(sign * accidents_fatal) AS rest_accidents_fatal,
            sum(sign * accidents_multi) AS rest_accidents_multi,
            sum(sign * victims) AS rest_victims,
            sum(sign * victims_outside) AS rest_victims_outside,
            sum(sign * women) AS rest_women,
            sum(sign * women_outside) AS rest_women_outside,
            sum(sign * deaths) AS rest_deaths,
            sum(sign * deaths_outside) AS rest_deaths_outside,
            sum(sign * serious) AS rest_serious,
            sum(sign * serious_outside) AS rest_serious_outside,
            arrayMin([rest_accidents, rest_accidents_fatal, rest_accidents_multi, rest_victims, rest_victims_outside, rest_women, rest_women_outside, rest_deaths, rest_deaths_outside, rest_serious, rest_serious_outside]) < 0 AS below, NOT below AS head
        FROM
        (
            SELECT stat_year, unit, province_list, province_code, NOT endsWith(period, 'H1') AS whole, if(whole, 1, -1) AS sign, accidents, accidents_fatal, accidents_multi, victims, victims_outside, women, women_outside, deaths, deaths_outside, serious, serious_outside
            FROM commune_report FINAL
            WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        )
        GROUP BY stat_year, unit
        HAVING count() = 2
    )
)
WHERE (period != 'E' OR month BETWEEN 7 AND 12)
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
