SELECT
    concat(if(commuting, 'commuting_', ''), tupleElement(arrayJoin(
    [
        ('fatal_accidents_due', if(contract, 'contract', 'no_contract'), toInt64(countIf(inquiry_due))),
        ('fatal_accidents_investigated', if(contract, 'contract', 'no_contract'), toInt64(countIf(inquiry_due AND concluded)))
    ]) AS cell, 1)) AS measure,
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
    WITH
        -- Investigations are few: all of them, by the declaration that they name.
        (
            SELECT (groupArray(declaration), groupArray(limit_ends), groupArray(is_over))
            FROM
            (
                SELECT toString(accident_id) AS declaration, max(due) AS limit_ends, max(ended_published OR ended_closed) AS is_over
                FROM
                (
                    SELECT
                        accident_id,
            if(file_returned > news_received, file_returned, news_received) AS start,
            transform('fatal', ['minor', 'one_serious', 'several_serious', 'fatal'], [4, 7, 20, 30], 0) AS of_severity,
            if(examination = '', of_severity, 60) AS days,
            if('fatal' != 'minor' AND extended != '' AND extended >= start, least(extension_days, 60, days), 0) AS extension,
            toDateOrZero(start) + days + extension AS due,
            published != '' AND published >= start AS ended_published,
            closed != '' AND closed >= start AS ended_closed
                    FROM investigation FINAL
                    WHERE news_received != ''
                )
                GROUP BY declaration
            )
        ) AS files
    SELECT
        *,
        arrayMax(arrayMap(d -> transform(toString(d), files.1, files.2, toDate(0)), declarations)) AS limit_ends,
        arrayMax(arrayMap(d -> transform(toString(d), files.1, files.3, toUInt8(0)), declarations)) AS concluded,
        NOT commuting AND dead_contract + dead_other > 0
            AND if(limit_ends = toDate(0), toDate(filed_at) + 30, limit_ends) < {today:Date} AS inquiry_due
    FROM
    (
        SELECT
        'E' AS period, stat_year, commuting, province_list, province_code, filed_at, declarations, arrayExists(p -> p.2, persons) AS contract,
        '' AS split, '' AS member, persons AS counted,
        arrayCount(p -> p.1 = 2 AND p.2, counted) AS dead_contract,
        arrayCount(p -> p.1 = 2 AND NOT p.2, counted) AS dead_other,
        arrayCount(p -> p.1 = 1 AND p.2, counted) AS serious_contract,
        arrayCount(p -> p.1 = 1 AND NOT p.2, counted) AS serious_other
    FROM
    (
        SELECT
            stat_year, commuting, province_list, province_code, filed_at, [report_id] AS declarations,
            arrayMap((severity, employment) -> (multiIf(severity = 'dead', 2, severity = 'serious', 1, 0), employment = 'contract'),
                `victims.severity`, `victims.employment`) AS persons
        FROM accident_declaration FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND accident_id NOT IN (SELECT accident_id FROM accident_declaration WHERE joined)
            AND accident_id NOT IN {accidents:Array(UInt128)}
            AND accident_id NOT IN {cases:Array(UInt128)}
        UNION ALL
        SELECT facts.1 AS stat_year, facts.2 AS commuting, facts.3 AS province_list, facts.4 AS province_code, facts.5 AS filed_at, declarations, persons
        FROM
        (
            SELECT argMin(first_facts, first_filed) AS facts, groupArray((worst, employed_once)) AS persons, groupUniqArrayArray(names) AS declarations
            FROM
            (
                -- One row per person.
                SELECT
                    case_id, argMin(facts, filed) AS first_facts, min(filed) AS first_filed,
                    max(victim.1) AS worst, max(victim.2) AS employed_once, groupUniqArrayArray(ids) AS names
                FROM
                (
                    -- Whoever lists a key twice means two persons: the first one of a declaration is
                    -- the first one of another, the second one the second.
                    SELECT
                        case_id, filed, facts, ids, victim, key,
                        row_number() OVER (PARTITION BY case_id, filed, key ORDER BY person = '', position) AS occurrence
                    FROM
                    (
                        -- A finding about the number of a person, else about a name, is about the person.
                        SELECT
                            case_id, filed, facts, ids, victim, person, position,
                            max(if(by_person != '', by_person, by_name)) OVER (PARTITION BY case_id, own) AS same_person,
                            if(same_person != '', same_person, own) AS key
                        FROM
                        (
                            SELECT
                                case_id, filed, facts, ids, listed.1 AS victim, listed.2 AS person, listed.4 AS position,
                                -- Nothing says that two victims without a name are the same.
                                if(listed.3 = '', concat(toString(filed.2), '/', toString(position)), listed.3) AS name,
                                -- A name stands for the identity that any declaration gives to it.
                                max(person) OVER (PARTITION BY case_id, name) AS namesake,
                                multiIf(person != '', person, namesake != '', namesake, name) AS own,
                                transform(concat(case_id, '/', person), {found:Array(String)}, {persons:Array(String)}, '') AS by_person,
                                transform(concat(case_id, '/', name), {found:Array(String)}, {persons:Array(String)}, '') AS by_name
                            FROM
                            (
                                -- Apart, because ARRAY JOIN comes before WHERE.
                                SELECT
                                    transform(toString(accident_id), CAST({accidents:Array(UInt128)}, 'Array(String)'), CAST({cases:Array(UInt128)}, 'Array(String)'), toString(accident_id)) AS case_id,
                                    (filed_at, report_id) AS filed,
                                    (stat_year, commuting, province_list, province_code, filed_at) AS facts, [report_id, accident_id] AS ids,
                                    arrayMap((severity, employment, person, name, position) -> ((multiIf(severity = 'dead', 2, severity = 'serious', 1, 0), employment = 'contract'), person, name, position),
                                        `victims.severity`, `victims.employment`, `victims.person`, `victims.name_key`, arrayEnumerate(`victims.person`)) AS victims
                                FROM accident_declaration FINAL
                                WHERE accident_id IN
                                (
                                    SELECT accident_id
                                    FROM accident_declaration
                                    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
                                        AND accident_id IN (SELECT accident_id FROM accident_declaration WHERE joined)
                                    UNION ALL
                                    SELECT arrayJoin(arrayConcat({accidents:Array(UInt128)}, {cases:Array(UInt128)}))
                                )
                            )
                            LEFT ARRAY JOIN victims AS listed
                        )
                    )
                )
                GROUP BY case_id, key, occurrence
            )
            GROUP BY case_id
        )
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    )
    )
)
WHERE NOT commuting
GROUP BY of_year, of_list, of_province, commuting, contract
UNION ALL
SELECT
    tupleElement(arrayJoin(
    [
        ('investigations_due', '', toInt64(count())),
        ('investigations_in_time', '', toInt64(countIf(in_time)))
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
        stat_year, 'E' AS period, toMonth(accident_on) AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section,
        '' AS split, '' AS member, ended_published AND toDateOrZero(published) <= due AS in_time
    FROM
    (
        SELECT
            stat_year, accident_on, province_list, province_code, published,
            if(file_returned > news_received, file_returned, news_received) AS start,
            transform(severity, ['minor', 'one_serious', 'several_serious', 'fatal'], [4, 7, 20, 30], 0) AS of_severity,
            if(examination = '', of_severity, 60) AS days,
            if(severity != 'minor' AND extended != '' AND extended >= start, least(extension_days, 60, days), 0) AS extension,
            toDateOrZero(start) + days + extension AS due,
            published != '' AND published >= start AS ended_published,
            closed != '' AND closed >= start AS ended_closed
        FROM investigation FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND news_received != ''
    )
    WHERE of_severity > 0 AND due < {today:Date} AND (ended_published OR NOT ended_closed)
)
GROUP BY of_year, of_list, of_province
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
