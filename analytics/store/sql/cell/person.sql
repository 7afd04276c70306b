{{- /* A victim: how badly, with a contract or not, and if asked for of which sex and age. */ -}}
multiIf(severity = 'dead', 2, severity = 'serious', 1, 0), employment = 'contract'{{if .ByPerson}}, if(sex = 'unknown', '', toString(sex)), toString(age){{end}}{{- /* */ -}}
