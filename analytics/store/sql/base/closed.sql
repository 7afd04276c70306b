{{- /* The base figures of the latest closing of each year, as closed cells are chosen. */ -}}
SELECT
    stat_year, period, province_list, province_code, measure, employment, vsic_version, vsic_section,
    value, status, printed, report_id, unit, source_code, reference, received_at
FROM closed_base_figure
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND if(endsWith(period, 'H1'), 'H1', 'Y') IN {periods:Array(String)}
    AND close_id IN
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
)
