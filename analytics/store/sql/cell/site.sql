{{- /* One row per monitored site and year, however many campaigns and bodies. Where it
is and what it does comes from its earliest report of the year. */ -}}
SELECT
    stat_year, 'Y' AS period, 0 AS month, what.1 AS province_list, what.2 AS province_code, what.3 AS vsic_version, what.4 AS vsic_section,
    '' AS split, '' AS member
FROM
(
    SELECT stat_year, argMin((province_list, province_code, vsic_version, vsic_section), (filed_at, report_id)) AS what
    FROM monitoring_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND 'Y' IN {periods:Array(String)}
    GROUP BY stat_year, unit
)
