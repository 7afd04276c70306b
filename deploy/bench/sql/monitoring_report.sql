{{- /* Two campaigns of every site. */ -}}
SELECT
    reinterpret(sipHash128('monitoring', stat_year, n), 'UInt128') AS report_id,
    toString(stat_year) AS period,
    concat(tax_code, '/', toString(1 + u % 3)) AS unit,
    {{- template "head"}},
    {{- template "place"}},
    {list:String} AS reporter_province_list, province_code AS reporter_province_code,
    {{- template "industry"}},
    toUInt32(1 + n % 2) AS campaign, makeDate(stat_year, 4 + 4 * (n % 2), 14) AS performed_on,
    performed_on + 21 AS published_on, '0100112437' AS body_tax_code, '123/QTMT' AS body_licence, 'enterprise' AS body_kind,
    ['noise', 'dust'] AS `factors.factor`, [toUInt32(10 + h % 30), 8] AS `factors.samples`, [toUInt32(h % 4), 0] AS `factors.over`,
    ['88.5', ''] AS `factors.highest`, ['dBA', ''] AS `factors.unit`,
    toUInt64(arraySum(`factors.samples`)) AS samples, toUInt64(arraySum(`factors.over`)) AS samples_over
FROM
({{template "source"}}
)
