SELECT
    'commune_report' AS kind, {{template "columns.sql" .}},
    multiIf(
        if(endsWith(period, 'H1'), 'H1', 'Y') != {span:String}, 'outside_period',
        {{if .Leaves "no_contract"}}1{{else}}0{{end}}, 'other_employment',
        'counted') AS fate
FROM commune_report FINAL
WHERE stat_year = {year:UInt16}{{template "within.sql" .}}
