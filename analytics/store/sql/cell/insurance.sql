SELECT
    stat_year, 'Y' AS period, 0 AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section, '' AS split, '' AS member,
    accidents_entitled, accidents_paid, diseases_entitled, diseases_paid
FROM insurance_report FINAL
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND 'Y' IN {periods:Array(String)}
