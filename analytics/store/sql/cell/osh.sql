{{- /* One row per establishment's yearly safety and health report, a branch's beside that of
its head office: the form does not say whose figures a report holds. */ -}}
SELECT
    stat_year, 'Y' AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section, '' AS split, '' AS member,
    strict_jobs, strict_jobs_trained, osh_staff, osh_staff_trained, health_staff, health_staff_trained
FROM osh_report FINAL
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND 'Y' IN {periods:Array(String)}
