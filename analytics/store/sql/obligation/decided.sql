{{- /* What else is on record about obligations of the asked years: branches that a report of
their parent names, exemptions and extensions. */ -}}
{{- if .Covers -}}
SELECT 'covered' AS what, 'annex_xii' AS kind, arrayJoin(covers_branches) AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, unit AS other, toUInt16(0) AS due
        FROM annex_xii FINAL
        WHERE stat_year IN {years:Array(UInt16)} AND notEmpty(covers_branches) AND startsWith(owner, concat(splitByChar('/', unit)[1], '-'))
        UNION ALL
        {{end -}}
SELECT toString(relief) AS what, toString(obligation) AS kind, unit AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, '' AS other, toUInt16(due_by) AS due
        FROM obligation_relief FINAL
        WHERE stat_year IN {years:Array(UInt16)}
