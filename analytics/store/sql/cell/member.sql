{{- /* The member that a whole report belongs to in a split. */ -}}
{{if eq .Split "size_class"}}{classes:Array(String)}[arrayCount(least -> least <= workers, {class_from:Array(UInt32)})]{{else}}'{{.Member}}'{{end}}{{- /* */ -}}
