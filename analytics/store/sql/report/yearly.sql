{{- /* Establishments that reported without an accident in every asked year and are large or
shrank in the last of them, or that reported victims in it: of nobody else the rules of
follow-up say anything. A branch that its parent reported for is in the parent's report. */ -}}
SELECT
    unit, toString(last.1), toString(last.2), toString(last.3), toString(last.4), toInt64(registered),
    arrayMap(y -> toUInt32(y.1), years), arrayMap(y -> toString(y.2), years), arrayMap(y -> toUInt32(y.3), years),
    arrayMap(y -> [toInt64(y.4), toInt64(y.5), toInt64(y.6), toInt64(y.7)], years)
FROM
(
    SELECT
        unit,
        arraySort(y -> y.1, groupArray((stat_year, report_id, revision, workers, accidents, victims, deaths))) AS years,
        argMax((province_list, province_code, vsic_version, vsic_section), stat_year) AS last,
        toUInt64(maxIf(workers, stat_year = {to:UInt16})) AS workers_now,
        toUInt64(maxIf(workers, stat_year = {to:UInt16} - 1)) AS workers_before,
        maxIf(victims, stat_year = {to:UInt16}) AS victims_now,
        count() = {to:UInt16} - {from:UInt16} + 1 AND sum(accidents) = 0 AS silent
    FROM annex_xii FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period = toString(stat_year)
        AND unit > {after:String}
        AND (empty({provinces:Array(String)}) OR has({provinces:Array(String)}, concat(province_list, '/', province_code)))
        AND (branch = '' OR (period, branch) NOT IN
        (
            {{template "covered.sql" .}}
        ))
{{- if .Reached}}
        AND {{.Reached}}
{{- end}}
    GROUP BY unit
) AS filed
LEFT JOIN
(
    SELECT unit, `workers.total`[indexOf(`workers.year`, {to:UInt32})] AS registered
    FROM registration FINAL
    WHERE stat_year = {register:UInt16} AND unit_type = 'establishment'
) AS register USING (unit)
WHERE silent AND (greatest(workers_now, registered) >= {large:UInt32}
        OR workers_before >= {shrinking:UInt32} AND workers_now * 100 < workers_before * (100 - {fall:UInt8}))
    OR victims_now >= {victims:UInt32}
ORDER BY unit
LIMIT {limit:UInt32}
