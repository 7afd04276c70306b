{{- /* Three of four reports have accidents, and with them five rows of table I: 41 cells
on average. One of eighty is of a head office that reports for its branch, too. */ -}}
SELECT
    reinterpret(sipHash128('annex', stat_year, n), 'UInt128') AS report_id,
    if(n % 2 = 0, concat(toString(stat_year), 'H1'), toString(stat_year)) AS period,
    if(u % 40 = 17, concat(leftPad(toString(1000000000 + u - 1), 10, '0'), '-001/0'), concat(tax_code, '/0')) AS unit,
    {{- template "head"}},
    {{- template "place"}},
    {{- template "industry"}},
    toUInt32(20 + h % 900) AS workers, intDiv(workers, 3) AS workers_women, toUInt64(workers) * 120 AS payroll_million_vnd,
    -- Two of five give the hours that were worked.
    toUInt64(if(u % 5 < 2, workers * 2000, 0)) AS hours_worked,
    if(u % 80 = 16, [concat(tax_code, '-001/0')], []) AS covers_branches,
    if(n % 4 = 0, 0, 5) AS lines,
    toUInt32(if(lines = 0, 0, 1 + h % 3)) AS accidents, toUInt32(lines > 0 AND h % 29 = 0) AS accidents_fatal, 0 AS accidents_multi,
    accidents AS victims, 0 AS victims_outside, intDiv(accidents, 2) AS women, 0 AS women_outside,
    accidents_fatal AS deaths, 0 AS deaths_outside, accidents - deaths AS serious, 0 AS serious_outside,
    0 AS commuting_accidents, 0 AS commuting_accidents_fatal, 0 AS commuting_accidents_multi, 0 AS commuting_victims,
    0 AS commuting_victims_outside, 0 AS commuting_women, 0 AS commuting_women_outside, 0 AS commuting_deaths,
    0 AS commuting_deaths_outside, 0 AS commuting_serious, 0 AS commuting_serious_outside,
    arraySlice(['1', '1.1', '1.2', '1.3', '3'], 1, lines) AS `rows.block`,
    arraySlice(['', toString(1 + h % 9), toString(1 + h % 12), toString(7111 + h % 40), ''], 1, lines) AS `rows.code`,
    arrayWithConstant(lines, accidents) AS `rows.accidents`, arrayWithConstant(lines, accidents_fatal) AS `rows.accidents_fatal`,
    arrayWithConstant(lines, accidents_multi) AS `rows.accidents_multi`, arrayWithConstant(lines, victims) AS `rows.victims`,
    arrayWithConstant(lines, victims_outside) AS `rows.victims_outside`, arrayWithConstant(lines, women) AS `rows.women`,
    arrayWithConstant(lines, women_outside) AS `rows.women_outside`, arrayWithConstant(lines, deaths) AS `rows.deaths`,
    arrayWithConstant(lines, deaths_outside) AS `rows.deaths_outside`, arrayWithConstant(lines, serious) AS `rows.serious`,
    arrayWithConstant(lines, serious_outside) AS `rows.serious_outside`,
    toUInt64(accidents * 20) AS days_off, cost_medical + cost_wages + cost_compensation AS cost_total,
    toUInt64(accidents * (h % 9000)) AS cost_medical, cost_medical * 2 AS cost_wages, cost_medical * 3 AS cost_compensation,
    toUInt64(0) AS property,
    '' AS establishment_type
FROM
({{template "source"}}
)
