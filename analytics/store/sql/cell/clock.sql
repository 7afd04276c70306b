{{- /* The limit of an investigation of a severity (the argument): report.InvestigationClock,
which a test holds this against. A day is text, '' when there is none. */ -}}
if(file_returned > news_received, file_returned, news_received) AS start,
        transform({{.}}, ['minor', 'one_serious', 'several_serious', 'fatal'], [4, 7, 20, 30], 0) AS of_severity,
        if(examination = '', of_severity, 60) AS days,
        if({{.}} != 'minor' AND extended != '' AND extended >= start, least(extension_days, 60, days), 0) AS extension,
        toDateOrZero(start) + days + extension AS due,
        published != '' AND published >= start AS ended_published,
        closed != '' AND closed >= start AS ended_closed
{{- /* */ -}}
