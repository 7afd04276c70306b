{{- /* One row per training report that tells of local officers, of all levels together. */ -}}
SELECT
    stat_year, 'Y' AS period, 0 AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section, '' AS split, '' AS member,
    arraySum(`local_officers.total`) AS officers, arraySum(`local_officers.trained`) AS trained
FROM training_report FINAL
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND 'Y' IN {periods:Array(String)}
    AND notEmpty(`local_officers.level`)
