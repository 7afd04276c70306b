SELECT
    'annex_xii' AS kind, {{template "columns.sql" .}},
    multiIf(
        if(endsWith(period, 'H1'), 'H1', 'Y') != {span:String}, 'outside_period',
        branch != '' AND (period, branch) IN
        (
            {{template "covered.sql" .}}
        ), 'covered',
        {{if .Leaves "contract"}}1{{else}}0{{end}}, 'other_employment',
        'counted') AS fate
FROM annex_xii FINAL
WHERE stat_year = {year:UInt16}{{template "within.sql" .}}
