{{- /* What the earliest declaration says of an accident. Codes of other lists of injury
factors than those of Annex XII mean something else. */ -}}
{{range $n, $fact := .Facts}}{{if $n}}, {{end}}{{if eq $fact "factor"}}if(factor_list IN {factor_lists:Array(String)}, toString(factor_code), '') AS factor{{else}}{{$fact}}{{end}}{{end}}{{- /* */ -}}
