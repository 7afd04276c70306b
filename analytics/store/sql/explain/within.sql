{{- if .Place}} AND {{.Place}} = {province:String}{{end}}{{if .Reached}} AND {{.Reached}}{{end -}}
