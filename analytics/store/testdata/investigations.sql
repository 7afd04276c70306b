SELECT
    measure,
    toUInt16(stat_year) AS of_year,
    toUInt8(0) AS of_month,
    {list:String} AS of_list,
    transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, '') AS of_province,
    '' AS of_version,
    '' AS of_section,
    '' AS of_cause,
    '' AS of_employment,
    sum(value) AS total
FROM
(
    SELECT cell.1 AS measure, stat_year, period, split, province_list, province_code, cell.2 AS employment, cell.3 AS value
    FROM
    (
        SELECT stat_year, period, split, province_list, province_code,
            countIf(inquiry_due AND contract) AS value_0,
            countIf(inquiry_due AND NOT contract) AS value_1,
            countIf(inquiry_due AND concluded AND contract) AS value_2,
            countIf(inquiry_due AND concluded AND NOT contract) AS value_3
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
                stat_year, 'E' AS period, month, province_list, province_code, vsic_version, vsic_section, cause, '*' AS split, commuting,
                arrayCount((s, e) -> s = 'dead' AND e = 'contract', `victims.severity`, `victims.employment`) AS dead_contract,
                arrayCount((s, e) -> s = 'dead' AND e != 'contract', `victims.severity`, `victims.employment`) AS dead_other,
                arrayCount((s, e) -> s = 'serious' AND e = 'contract', `victims.severity`, `victims.employment`) AS serious_contract,
                arrayCount((s, e) -> s = 'serious' AND e != 'contract', `victims.severity`, `victims.employment`) AS serious_other,
                has(`victims.employment`, 'contract') AS contract, [report_id] AS declarations, filed_at
            FROM accident_declaration FINAL
            WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
                AND accident_id NOT IN (SELECT accident_id FROM accident_declaration WHERE joined)
                AND accident_id NOT IN (SELECT arrayJoin(declarations) FROM case_link)
            UNION ALL
            WITH
                -- Live declarations that quote one and are quoted: their ids, and those they quote.
                (
                    SELECT [groupArray(toString(report_id)), groupArray(toString(quoted))]
                    FROM
                    (
                        SELECT report_id, argMax(accident_id, version) AS quoted, argMax(withdrawn, version) AS gone
                        FROM accident_declaration
                        WHERE report_id IN
                        (
                            -- In any revision; one reading gives both.
                            SELECT arrayJoin(arrayIntersect(groupArray(report_id), groupArray(accident_id)))
                            FROM accident_declaration
                            WHERE joined AND NOT withdrawn
                        )
                        GROUP BY report_id
                    )
                    WHERE gone = 0 AND quoted != report_id
                ) AS link,
                -- The same ids, and where they lead: to the end, or to the least id of the ring.
                (
                    SELECT [groupArray(id), groupArray(end)]
                    FROM
                    (
                        -- 32 steps to the end or into the ring, and once around it; ':' is above all digits.
                        SELECT
                            arrayJoin(link[1]) AS id,
                            arrayFold((on, step) -> (transform(on.1, link[1], link[2], on.1), if(step < 32, ':', least(on.1, on.2))), range(65), (id, ':')).2 AS end
                    )
                ) AS chain,
                -- Accidents that live findings join, as groups that have none in common.
                (
                    SELECT arrayFold((groups, ids) -> arrayPushBack(arrayFilter(g -> NOT hasAny(g, ids), groups),
                        arrayDistinct(arrayConcat(ids, arrayFlatten(arrayFilter(g -> hasAny(g, ids), groups))))), groupArray(ends), arraySlice(groupArray(ends), 1, 0))
                    FROM
                    (
                        SELECT groupUniqArray(transform(accident, chain[1], chain[2], accident)) AS ends
                        FROM
                        (
                            -- A declaration that is not there stands for whoever quoted it.
                            SELECT finding, toString(if(quoted = 0, declaration, quoted)) AS accident
                            FROM (SELECT report_id AS finding, arrayJoin(declarations) AS declaration FROM case_link FINAL) AS named
                            LEFT JOIN
                            (
                                SELECT report_id AS declaration, accident_id AS quoted
                                FROM accident_declaration FINAL
                                WHERE report_id IN (SELECT arrayJoin(declarations) FROM case_link)
                            ) AS declared USING (declaration)
                        )
                        GROUP BY finding
                    )
                ) AS together,
                -- Each of them, and the one that stands for its group.
                [arrayFlatten(together), arrayFlatten(arrayMap(g -> arrayMap(id -> arrayMin(g), g), together))] AS found,
                -- Victims that live findings say are one, each with its accident in front.
                (
                    SELECT arrayFold((groups, ids) -> arrayPushBack(arrayFilter(g -> NOT hasAny(g, ids), groups),
                        arrayDistinct(arrayConcat(ids, arrayFlatten(arrayFilter(g -> hasAny(g, ids), groups))))), groupArray(pair), arraySlice(groupArray(pair), 1, 0))
                    FROM
                    (
                        SELECT [concat(accident, '/', victim), concat(accident, '/', same_as)] AS pair
                        FROM
                        (
                            SELECT
                                toString(if(quoted = 0, declaration, quoted)) AS quote,
                                transform(quote, chain[1], chain[2], quote) AS end,
                                transform(end, found[1], found[2], end) AS accident,
                                pairs.1 AS victim, pairs.2 AS same_as
                            FROM (SELECT declarations[1] AS declaration, arrayJoin(arrayZip(`same.victim`, `same.same_as`)) AS pairs FROM case_link FINAL) AS named
                            LEFT JOIN
                            (
                                SELECT report_id AS declaration, accident_id AS quoted
                                FROM accident_declaration FINAL
                                WHERE report_id IN (SELECT arrayJoin(declarations) FROM case_link)
                            ) AS declared USING (declaration)
                        )
                    )
                ) AS same,
                [arrayFlatten(same), arrayFlatten(arrayMap(g -> arrayMap(id -> arrayMin(g), g), same))] AS matched
            SELECT *
            FROM
            (
                SELECT
                    any(first_stat_year) AS stat_year, 'E' AS period, any(first_month) AS month,
                    any(first_province_list) AS province_list, any(first_province_code) AS province_code,
                    any(first_vsic_version) AS vsic_version, any(first_vsic_section) AS vsic_section,
                    any(first_cause) AS cause, '*' AS split, any(first_commuting) AS commuting,
                    countIf(worst = 2 AND employed_once) AS dead_contract,
                    countIf(worst = 2 AND NOT employed_once) AS dead_other,
                    countIf(worst = 1 AND employed_once) AS serious_contract,
                    countIf(worst = 1 AND NOT employed_once) AS serious_other,
                    max(employed_once) AS contract, groupUniqArrayArray(ids) AS declarations, any(first_filed_at) AS filed_at
                FROM
                (
                    -- One row per person.
                    SELECT
                        accident, any(first_stat_year) AS first_stat_year, any(first_month) AS first_month, any(first_province_list) AS first_province_list, any(first_province_code) AS first_province_code, any(first_vsic_version) AS first_vsic_version, any(first_vsic_section) AS first_vsic_section, any(first_cause) AS first_cause, any(first_commuting) AS first_commuting, any(first_filed_at) AS first_filed_at,
                        max(severity) AS worst, max(employed) AS employed_once, groupUniqArrayArray(names) AS ids
                    FROM
                    (
                        -- Whoever lists a key twice means two persons: the first one of a declaration is
                        -- the first one of another, the second one the second.
                        SELECT
                            accident, names, first_stat_year, first_month, first_province_list, first_province_code, first_vsic_version, first_vsic_section, first_cause, first_commuting, first_filed_at, severity, employed, key,
                            row_number() OVER (PARTITION BY accident, report_id, key ORDER BY person = '', position) AS occurrence
                        FROM
                        (
                            -- A finding about the number of a person, else about a name, is about the person.
                            SELECT
                                accident, report_id, names, first_stat_year, first_month, first_province_list, first_province_code, first_vsic_version, first_vsic_section, first_cause, first_commuting, first_filed_at, person, position, severity, employed,
                                max(if(found_by_person != '', found_by_person, found_by_name)) OVER (PARTITION BY accident, own) AS same_person,
                                if(same_person != '', same_person, own) AS key
                            FROM
                            (
                                SELECT
                                    accident, report_id, names, first_stat_year, first_month, first_province_list, first_province_code, first_vsic_version, first_vsic_section, first_cause, first_commuting, first_filed_at,
                                    victim.1 AS person,
                                    victim.5 AS position,
                                    -- Nothing says that two victims without a name are the same.
                                    if(victim.2 = '', concat(toString(report_id), '/', toString(position)), victim.2) AS name,
                                    -- A name stands for the identity that any declaration gives to it.
                                    max(person) OVER (PARTITION BY accident, name) AS namesake,
                                    multiIf(person != '', person, namesake != '', namesake, name) AS own,
                                    transform(concat(accident, '/', person), matched[1], matched[2], '') AS found_by_person,
                                    transform(concat(accident, '/', name), matched[1], matched[2], '') AS found_by_name,
                                    multiIf(victim.3 = 'dead', 2, victim.3 = 'serious', 1, 0) AS severity,
                                    victim.4 = 'contract' AS employed
                                FROM
                                (
                                    -- Apart, because ARRAY JOIN comes before WHERE.
                                    SELECT
                                        transform(toString(accident_id), chain[1], chain[2], toString(accident_id)) AS end,
                                        transform(end, found[1], found[2], end) AS accident,
                                        report_id, [report_id, accident_id] AS names, first_value(stat_year) OVER declarations AS first_stat_year, first_value(month) OVER declarations AS first_month, first_value(province_list) OVER declarations AS first_province_list, first_value(province_code) OVER declarations AS first_province_code, first_value(vsic_version) OVER declarations AS first_vsic_version, first_value(vsic_section) OVER declarations AS first_vsic_section, first_value(cause) OVER declarations AS first_cause, first_value(commuting) OVER declarations AS first_commuting, first_value(filed_at) OVER declarations AS first_filed_at,
                                        arrayZip(`victims.person`, `victims.name_key`, `victims.severity`, `victims.employment`, arrayEnumerate(`victims.person`)) AS victims
                                    FROM accident_declaration FINAL
                                    WHERE accident_id IN
                                    (
                                        SELECT accident_id
                                        FROM accident_declaration
                                        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
                                            AND accident_id IN (SELECT accident_id FROM accident_declaration WHERE joined)
                                        UNION ALL
                                        -- Chains of any year: too few to choose among them.
                                        SELECT toUInt128(arrayJoin(arrayFlatten(chain)))
                                        UNION ALL
                                        (SELECT arrayJoin(declarations) FROM case_link)
                                        UNION ALL
                                        SELECT toUInt128(arrayJoin(found[1]))
                                    )
                                    WINDOW declarations AS (PARTITION BY accident ORDER BY filed_at, report_id)
                                )
                                LEFT ARRAY JOIN victims AS victim
                            )
                        )
                    )
                    GROUP BY accident, key, occurrence
                )
                GROUP BY accident
            )
            WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            
            )
        )
        GROUP BY stat_year, period, split, province_list, province_code
    )
    ARRAY JOIN
    [
        ('fatal_accidents_due', 'contract', toInt64(value_0)),
        ('fatal_accidents_due', 'no_contract', toInt64(value_1)),
        ('fatal_accidents_investigated', 'contract', toInt64(value_2)),
        ('fatal_accidents_investigated', 'no_contract', toInt64(value_3))
    ] AS cell
    WHERE cell.3 != 0
    UNION ALL
    SELECT cell.1 AS measure, stat_year, period, split, province_list, province_code, cell.2 AS employment, cell.3 AS value
    FROM
    (
        SELECT stat_year, period, split, province_list, province_code,
            count() AS value_0,
            countIf(in_time) AS value_1
        FROM
        (
            SELECT
                stat_year, 'E' AS period, toMonth(accident_on) AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section,
                '' AS cause, '*' AS split, ended_published AND toDateOrZero(published) <= due AS in_time
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
        GROUP BY stat_year, period, split, province_list, province_code
    )
    ARRAY JOIN
    [
        ('investigations_due', '', toInt64(value_0)),
        ('investigations_in_time', '', toInt64(value_1))
    ] AS cell
    WHERE cell.3 != 0
)
GROUP BY measure, of_year, of_list, of_province
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
