SELECT
    toString(establishment_type), toString(vsic_version), toString(vsic_section), toInt64(count()), toInt64(sum(workers)), toInt64(sum(workers_women)),
    [{{range $i, $c := .Form}}{{if $i}}, {{end}}toInt64(sum({{$c}})){{end}}],
    [{{range $i, $c := .Form}}{{if $i}}, {{end}}toInt64(sum(commuting_{{$c}})){{end}}],
    [toInt64(sum(days_off)), toInt64(sum(cost_total)), toInt64(sum(cost_medical)), toInt64(sum(cost_wages)), toInt64(sum(cost_compensation)), toInt64(sum(property))]
FROM annex_xii FINAL
WHERE {{template "counted.sql" .}}
    AND (branch = '' OR (period, branch) NOT IN
        (
            {{template "covered.sql" .}}
        ))
GROUP BY establishment_type, vsic_version, vsic_section
ORDER BY establishment_type, vsic_version, vsic_section
