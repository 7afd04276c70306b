SELECT
    'disease_report' AS kind, {{template "columns.sql" .}},
    if({span:String} = 'Y', 'counted', 'outside_period') AS fate
FROM disease_report FINAL
WHERE stat_year = {year:UInt16}{{template "within.sql" .}}
