{{- /* The cells of the latest closing of each year. The figures of a half-year may be
closed alone, or with their year. Of a cut that a closing was not frozen in it says nothing. */ -}}
SELECT measure, stat_year, period, month, province_list, province_code, vsic_version, vsic_section, member, employment, split, value
FROM closed_cell
WHERE close_id IN
(
    SELECT argMax(close_id, (as_of, closed_at))
    FROM period_close
    WHERE toUInt16(substring(period, 1, 4)) BETWEEN {from:UInt16} AND {to:UInt16}
{{- if not .HalfYear}}
        AND length(period) = 4
{{- end}}
{{- if .Until}}
        AND as_of <= {until:DateTime64(3)}
{{- end}}
    GROUP BY substring(period, 1, 4)
{{- if .Cut}}
    HAVING has(argMax(cuts, (as_of, closed_at)), '{{.Cut}}')
{{- end}}
)
