{{- /* Victims that medical facilities treated (Annex XVIII), where the facility is. What they
do for a living is not in the form. */ -}}
SELECT
    stat_year, period_class AS period, 0 AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section,
    '' AS split, '' AS member, victims
FROM
(
    SELECT stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code, victims
    FROM clinic_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period_class IN {periods:Array(String)}
)
