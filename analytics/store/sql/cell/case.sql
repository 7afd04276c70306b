{{define "join"}}arrayFold((groups, ids) -> arrayPushBack(arrayFilter(g -> NOT hasAny(g, ids), groups),
            arrayDistinct(arrayConcat(ids, arrayFlatten(arrayFilter(g -> hasAny(g, ids), groups))))), {{.}}, arraySlice({{.}}, 1, 0)){{end -}}
{{- /* One row per accident. Several declarations of one accident are one case: what it
was comes from the earliest live declaration, over all years; a victim counts once, with
the worst severity of any live declaration.

A declaration names its accident by the id of another declaration, or by its own. Who
files third may quote the id on the second one's receipt, and two may quote each other.
So one accident is all that hangs together by quoting: every live declaration points at
one other at most, and following the pointers ends at one declaration or in one ring,
the same for all. A withdrawn declaration says nothing any more, nor what it quoted: a
wrong link is undone by withdrawing it, and its row holds no accident. Those who
quoted it stay together, under its id; to be joined with what it had quoted they amend.
Pointers are followed for 32 steps, and rings up to 33 recognised; more than that nobody
files in earnest, and such chains count as several accidents.

What an officer finds to be one accident (case_link) is one: all accidents that its
declarations belong to, whether they are still there or not. Findings that share an accident
add up: going through them in any order, each joins the groups that it touches. Victims
found to be one person are one within that accident, by the number that any declaration
gives to either, else by the name; whom one declaration lists apart stay apart.

Nearly every accident has a single declaration, and only that one can say so without
looking at other years. So the accidents that anybody ever joined (by any revision: a
superset does no harm) and that touch the asked years are put together across all years;
the rest is read from the asked years alone: their declarations quote nobody and nobody
quotes them, and no officer named them in any revision. Pointers are followed only from
declarations that quote and are quoted, which are very few, as findings are.

Asked for them, a row also has the ids by which its accident may be named, and when it was
first declared. */ -}}
SELECT
    stat_year, 'E' AS period, month, province_list, province_code, vsic_version, vsic_section, cause, '*' AS split, commuting,
    arrayCount((s, e) -> s = 'dead' AND e = 'contract', `victims.severity`, `victims.employment`) AS dead_contract,
    arrayCount((s, e) -> s = 'dead' AND e != 'contract', `victims.severity`, `victims.employment`) AS dead_other,
    arrayCount((s, e) -> s = 'serious' AND e = 'contract', `victims.severity`, `victims.employment`) AS serious_contract,
    arrayCount((s, e) -> s = 'serious' AND e != 'contract', `victims.severity`, `victims.employment`) AS serious_other,
    has(`victims.employment`, 'contract') AS contract{{if .Declared}}, [report_id] AS declarations, filed_at{{end}}
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
        SELECT {{template "join" "groupArray(ends)"}}
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
        SELECT {{template "join" "groupArray(pair)"}}
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
        max(employed_once) AS contract{{if .Declared}}, groupUniqArrayArray(ids) AS declarations, any(first_filed_at) AS filed_at{{end}}
    FROM
    (
        -- One row per person.
        SELECT
            accident{{range .Facts}}, any(first_{{.}}) AS first_{{.}}{{end}},
            max(severity) AS worst, max(employed) AS employed_once{{if .Declared}}, groupUniqArrayArray(names) AS ids{{end}}
        FROM
        (
            -- Whoever lists a key twice means two persons: the first one of a declaration is
            -- the first one of another, the second one the second.
            SELECT
                accident{{if .Declared}}, names{{end}}{{range .Facts}}, first_{{.}}{{end}}, severity, employed, key,
                row_number() OVER (PARTITION BY accident, report_id, key ORDER BY person = '', position) AS occurrence
            FROM
            (
                -- A finding about the number of a person, else about a name, is about the person.
                SELECT
                    accident, report_id{{if .Declared}}, names{{end}}{{range .Facts}}, first_{{.}}{{end}}, person, position, severity, employed,
                    max(if(found_by_person != '', found_by_person, found_by_name)) OVER (PARTITION BY accident, own) AS same_person,
                    if(same_person != '', same_person, own) AS key
                FROM
                (
                    SELECT
                        accident, report_id{{if .Declared}}, names{{end}}{{range .Facts}}, first_{{.}}{{end}},
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
                            report_id{{if .Declared}}, [report_id, accident_id] AS names{{end}}{{range .Facts}}, first_value({{.}}) OVER declarations AS first_{{.}}{{end}},
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
