SELECT
    stat_year, 'Y' AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
    '' AS split, '' AS member, samples, samples_over
FROM monitoring_report FINAL
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND 'Y' IN {periods:Array(String)}
