{{- /* A declaration that hangs together with others ("touched", as in sql/cell/case.sql) is not
decided here: which of them tells of the accident only all of them say. */ -}}
SELECT
    'accident_declaration' AS kind, {{template "columns.sql" .}},
    multiIf(
        accident_id IN (SELECT accident_id FROM accident_declaration WHERE joined)
            OR accident_id IN (SELECT arrayJoin(declarations) FROM case_link), 'touched',
        month NOT BETWEEN {first:UInt8} AND {last:UInt8}, 'outside_period',
        {{if .Commuting}}0{{else}}commuting{{end}}, 'commuting',
        {{if .Leaves "contract"}}has(`victims.employment`, 'contract'){{else}}0{{end}}, 'other_employment',
        {{if .Leaves "no_contract"}}NOT has(`victims.employment`, 'contract'){{else}}0{{end}}, 'other_employment',
        'counted') AS fate
FROM accident_declaration FINAL
WHERE stat_year = {year:UInt16}{{template "within.sql" .}}
