SELECT
    stat_year, period, province_list, province_code, measure, employment, version AS vsic_version, section AS vsic_section,
    value, status, printed, report_id, unit, source_code, reference, received_at
FROM
(
    -- Apart, because ARRAY JOIN comes before WHERE.
    SELECT
        stat_year, period, province_list, province_code, report_id, unit, source_code, reference, received_at,
        arrayZip(`figures.measure`, `figures.employment`, `figures.vsic_version`, `figures.vsic_section`, `figures.value`, `figures.status`, `figures.printed`) AS figures
    FROM base_figures FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND if(endsWith(period, 'H1'), 'H1', 'Y') IN {periods:Array(String)}
)
ARRAY JOIN
    figures.1 AS measure, figures.2 AS employment, figures.3 AS version, figures.4 AS section, figures.5 AS value, figures.6 AS status, figures.7 AS printed
