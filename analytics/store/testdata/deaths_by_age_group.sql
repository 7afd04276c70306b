SELECT
    concat(if(commuting, 'commuting_', ''), tupleElement(arrayJoin(
    [
        ('deaths', 'contract', toInt64(sum(dead_contract))),
        ('deaths', 'no_contract', toInt64(sum(dead_other)))
    ]) AS cell, 1)) AS measure,
    toUInt16(stat_year) AS of_year,
    toUInt8(0) AS of_month,
    '' AS of_list,
    '' AS of_province,
    '' AS of_version,
    '' AS of_section,
    toString(member) AS of_member,
    '' AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        'E' AS period, stat_year, commuting, arrayExists(p -> p.2, persons) AS contract,
        arrayJoin(
            arrayMap(age -> ('age_group', age), arrayDistinct(arrayMap(p -> p.4, persons)))) AS part,
        part.1 AS split, part.2 AS member,
        arrayFilter(p -> multiIf(split = 'sex', p.3 = member, split = 'age_group', p.4 = member, true), persons) AS counted,
        arrayCount(p -> p.1 = 2 AND p.2, counted) AS dead_contract,
        arrayCount(p -> p.1 = 2 AND NOT p.2, counted) AS dead_other,
        arrayCount(p -> p.1 = 1 AND p.2, counted) AS serious_contract,
        arrayCount(p -> p.1 = 1 AND NOT p.2, counted) AS serious_other
    FROM
    (
        SELECT
            stat_year, commuting,
            arrayMap((severity, employment, sex, age) -> (multiIf(severity = 'dead', 2, severity = 'serious', 1, 0), employment = 'contract', if(sex = 'unknown', '', toString(sex)), toString(age)),
                `victims.severity`, `victims.employment`, `victims.sex`, `victims.age_group`) AS persons
        FROM accident_declaration FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND accident_id NOT IN (SELECT accident_id FROM accident_declaration WHERE joined)
            AND accident_id NOT IN {accidents:Array(UInt128)}
            AND accident_id NOT IN {cases:Array(UInt128)}
        UNION ALL
        SELECT facts.1 AS stat_year, facts.2 AS commuting, persons
        FROM
        (
            SELECT argMin(first_facts, first_filed) AS facts, groupArray((worst, employed_once, first_sex, first_age)) AS persons
            FROM
            (
                -- One row per person.
                SELECT
                    case_id, argMin(facts, filed) AS first_facts, min(filed) AS first_filed,
                    max(victim.1) AS worst, max(victim.2) AS employed_once,
                    argMinIf(victim.3, filed, victim.3 != '') AS first_sex, argMinIf(victim.4, filed, victim.4 != '') AS first_age
                FROM
                (
                    -- Whoever lists a key twice means two persons: the first one of a declaration is
                    -- the first one of another, the second one the second.
                    SELECT
                        case_id, filed, facts, victim, key,
                        row_number() OVER (PARTITION BY case_id, filed, key ORDER BY person = '', position) AS occurrence
                    FROM
                    (
                        -- A finding about the number of a person, else about a name, is about the person.
                        SELECT
                            case_id, filed, facts, victim, person, position,
                            max(if(by_person != '', by_person, by_name)) OVER (PARTITION BY case_id, own) AS same_person,
                            if(same_person != '', same_person, own) AS key
                        FROM
                        (
                            SELECT
                                case_id, filed, facts, listed.1 AS victim, listed.2 AS person, listed.4 AS position,
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
                                    (stat_year, commuting) AS facts,
                                    arrayMap((severity, employment, sex, age, person, name, position) -> ((multiIf(severity = 'dead', 2, severity = 'serious', 1, 0), employment = 'contract', if(sex = 'unknown', '', toString(sex)), toString(age)), person, name, position),
                                        `victims.severity`, `victims.employment`, `victims.sex`, `victims.age_group`, `victims.person`, `victims.name_key`, arrayEnumerate(`victims.person`)) AS victims
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
WHERE NOT commuting
GROUP BY of_year, of_member, commuting, contract
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
