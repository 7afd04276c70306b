{{- /* One row per accident, or one per part of it when it is split. Several declarations of
one accident are one case: what it was comes from the earliest live declaration, over all
years; a victim counts once, with the worst severity of any live declaration, and the sex
and age group of the first that tells.

A declaration names its accident by the id of another declaration, or by its own. Who
files third may quote the id on the second one's receipt, and two may quote each other.
So one accident is all that hangs together by quoting. A withdrawn declaration says nothing
any more, nor what it quoted: a wrong link is undone by withdrawing it, and its row holds
no accident. Those who quoted it stay together, under its id; to be joined with what it had
quoted they amend.

What an officer finds to be one accident (case_link) is one: all accidents that its
declarations belong to, whether they are still there or not. Findings that share an accident
add up. Victims found to be one person are one within that accident, by the number that any
declaration gives to either, else by the name; whom one declaration lists apart stay apart.

Which accidents are one, and which victims, is found out before (links.go): accidents holds
those that stand under the id of another, cases the ids they stand under; found holds
victims, each with its accident in front, and persons whom they are. Where nobody quotes a
declaration that quotes, the id it quotes is the accident's, and nothing must be found out.

Nearly every accident has a single declaration, and only that one can say so without
looking at other years. So the accidents that anybody ever joined (by any revision: a
superset does no harm) and that touch the asked years are put together across all years;
the rest is read from the asked years alone: their declarations quote nobody and nobody
quotes them, and no officer names them.

The parts of an accident by sex and by age are those of its victims: counted are the persons
of the part.

Where investigations are asked for, a row also has the ids by which its accident may be named,
and when it was first declared. */ -}}
SELECT
    'E' AS period{{range .Facts}}, {{.}}{{end}}{{if .Inquired}}, declarations{{end}}, arrayExists(p -> p.2, persons) AS contract,
{{- if .Whole}}
    '' AS split, '' AS member, persons AS counted,
{{- else}}
    arrayJoin({{if .Several}}arrayConcat({{end}}
{{- range $n, $split := .Splits}}{{if $n}},{{end}}
{{- if eq $split "cause"}}
        [('cause', toString(cause))]
{{- else if eq $split "factor"}}
        [('factor', factor)]
{{- else if eq $split "sex"}}
        arrayMap(sex -> ('sex', sex), arrayDistinct(arrayMap(p -> p.3, persons)))
{{- else if eq $split "age_group"}}
        arrayMap(age -> ('age_group', age), arrayDistinct(arrayMap(p -> p.4, persons)))
{{- else}}
        [('', '')]
{{- end}}
{{- end}}{{if .Several}}){{end}}) AS part,
    part.1 AS split, part.2 AS member,
    {{if .ByPerson}}arrayFilter(p -> multiIf(split = 'sex', p.3 = member, split = 'age_group', p.4 = member, true), persons){{else}}persons{{end}} AS counted,
{{- end}}
    arrayCount(p -> p.1 = 2 AND p.2, counted) AS dead_contract,
    arrayCount(p -> p.1 = 2 AND NOT p.2, counted) AS dead_other,
    arrayCount(p -> p.1 = 1 AND p.2, counted) AS serious_contract,
    arrayCount(p -> p.1 = 1 AND NOT p.2, counted) AS serious_other
FROM
(
    SELECT
        {{template "facts.sql" .}}{{if .Inquired}}, [report_id] AS declarations{{end}},
        arrayMap((severity, employment{{if .ByPerson}}, sex, age{{end}}) -> ({{template "person.sql" .}}),
            `victims.severity`, `victims.employment`{{if .ByPerson}}, `victims.sex`, `victims.age_group`{{end}}) AS persons
    FROM accident_declaration FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND accident_id NOT IN (SELECT accident_id FROM accident_declaration WHERE joined)
        AND accident_id NOT IN {accidents:Array(UInt128)}
        AND accident_id NOT IN {cases:Array(UInt128)}
    UNION ALL
    SELECT {{range $n, $fact := .Facts}}facts.{{add $n 1}} AS {{$fact}}, {{end}}{{if .Inquired}}declarations, {{end}}persons
    FROM
    (
        SELECT argMin(first_facts, first_filed) AS facts, groupArray((worst, employed_once{{if .ByPerson}}, first_sex, first_age{{end}})) AS persons{{if .Inquired}}, groupUniqArrayArray(names) AS declarations{{end}}
        FROM
        (
            -- One row per person.
            SELECT
                case_id, argMin(facts, filed) AS first_facts, min(filed) AS first_filed,
                max(victim.1) AS worst, max(victim.2) AS employed_once{{if .Inquired}}, groupUniqArrayArray(ids) AS names{{end}}
{{- if .ByPerson}},
                argMinIf(victim.3, filed, victim.3 != '') AS first_sex, argMinIf(victim.4, filed, victim.4 != '') AS first_age
{{- end}}
            FROM
            (
                -- Whoever lists a key twice means two persons: the first one of a declaration is
                -- the first one of another, the second one the second.
                SELECT
                    case_id, filed, facts{{if .Inquired}}, ids{{end}}, victim, key,
                    row_number() OVER (PARTITION BY case_id, filed, key ORDER BY person = '', position) AS occurrence
                FROM
                (
                    -- A finding about the number of a person, else about a name, is about the person.
                    SELECT
                        case_id, filed, facts{{if .Inquired}}, ids{{end}}, victim, person, position,
                        max(if(by_person != '', by_person, by_name)) OVER (PARTITION BY case_id, own) AS same_person,
                        if(same_person != '', same_person, own) AS key
                    FROM
                    (
                        SELECT
                            case_id, filed, facts{{if .Inquired}}, ids{{end}}, listed.1 AS victim, listed.2 AS person, listed.4 AS position,
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
                                ({{template "facts.sql" .}}) AS facts,{{if .Inquired}} [report_id, accident_id] AS ids,{{end}}
                                arrayMap((severity, employment{{if .ByPerson}}, sex, age{{end}}, person, name, position) -> (({{template "person.sql" .}}), person, name, position),
                                    `victims.severity`, `victims.employment`{{if .ByPerson}}, `victims.sex`, `victims.age_group`{{end}}, `victims.person`, `victims.name_key`, arrayEnumerate(`victims.person`)) AS victims
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
){{- /* */ -}}
