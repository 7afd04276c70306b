SELECT
    reinterpret(sipHash128('disease', stat_year, n), 'UInt128') AS report_id,
    toString(stat_year) AS period,
    concat(tax_code, '/', toString(n % 2)) AS unit,
    {{- template "head"}},
    {{- template "place"}},
    {{- template "industry"}},
    toUInt32(100 + h % 900) AS workers, intDiv(workers, 3) AS workers_women,
    intDiv(workers, 2) AS exposed, intDiv(exposed, 3) AS exposed_women,
    intDiv(exposed * 2, 3) AS examined_persons, examined_persons + toUInt32(h % 20) AS examined_cases,
    toUInt32(h % 6) AS suspected_persons, suspected_persons AS suspected_cases, intDiv(suspected_persons, 2) AS diagnosed_new, 0 AS diagnosed_old,
    ['noise', 'dust'] AS `rows.factor`, ['18', '1'] AS `rows.disease`,
    [exposed, intDiv(exposed, 2)] AS `rows.exposed`, [examined_persons, examined_cases - examined_persons] AS `rows.examined_cases`,
    [suspected_persons, 0] AS `rows.suspected`, [diagnosed_new, 0] AS `rows.diagnosed`
FROM
({{template "source"}}
)
