{{- /* One of fifty quotes the accident of the declaration before it, which another
employer of the same victims filed. */ -}}
SELECT
    bitOr(bitShiftLeft(toUInt128(toUnixTimestamp(occurred_at)) * 1000, 80), toUInt128(cityHash64('accident', stat_year, n))) AS report_id,
    '' AS period,
    concat(tax_code, '/0') AS unit,
    {{- template "head"}},
    {{- template "place"}},
    {list:String} AS reporter_province_list, province_code AS reporter_province_code,
    {{- template "industry"}},
    intDiv(n, 50) * 50 AS earlier,
    if(n % 50 = 1, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp(
        toDateTime64(makeDate(stat_year, 1, 1), 3, 'Asia/Ho_Chi_Minh') + toIntervalSecond(cityHash64(stat_year, earlier) % 31000000))) * 1000, 80),
        toUInt128(cityHash64('accident', stat_year, earlier))), report_id) AS accident_id,
    toDateTime64(makeDate(stat_year, 1, 1), 3, 'Asia/Ho_Chi_Minh') + toIntervalSecond(cityHash64(stat_year, n) % 31000000) AS occurred_at,
    toMonth(occurred_at) AS month, toString(1 + h % 9) AS cause, 'proposed_completion' AS factor_list, toString(1 + h % 12) AS factor_code,
    h % 20 = 0 AS commuting,
    1 + h % 2 AS hurt,
    arrayMap(i -> lower(hex(sipHash128('person', stat_year, n, i))), range(hurt)) AS `victims.person`,
    arrayMap(i -> lower(hex(sipHash128('name', stat_year, n, i))), range(hurt)) AS `victims.name_key`,
    arrayMap(i -> if(i = 0 AND n % 3 != 0, 'dead', 'serious'), range(hurt)) AS `victims.severity`,
    arrayMap(i -> if(n % 3 = 1, 'no_contract', 'contract'), range(hurt)) AS `victims.employment`,
    arrayMap(i -> if(bitTest(h, i), 'male', 'female'), range(hurt)) AS `victims.sex`,
    arrayMap(i -> '35-44', range(hurt)) AS `victims.age_group`,
    arrayMap(i -> toString(7111 + h % 40), range(hurt)) AS `victims.occupation`,
    arrayMap(i -> 1, range(hurt)) AS `victims.under_management`
FROM
({{template "source"}}
)
