-- One row a report and place, with numerator and denominator of every figure it feeds.
SELECT figure.1 AS id, {{.List}} AS of_list, {{.Code}} AS of_province,
    sum(figure.2) AS numerator, sum(figure.3) AS denominator, uniqExact(report_id) AS reports
FROM
(
    SELECT report_id, province_list, province_code,
        [
            ('C1', toUInt64(strict_jobs_trained), toUInt64(strict_jobs)),
            ('C2', toUInt64(osh_staff_trained), toUInt64(osh_staff)),
            ('C3', toUInt64(health_staff_trained), toUInt64(health_staff)),
            ('D1E', toUInt64(benefits_paid), toUInt64(benefits_entitled)),
            ('Q1', toUInt64(equipment_inspected), toUInt64(equipment_in_use))
        ] AS figures
    FROM osh_report FINAL
    WHERE stat_year = {year:UInt16}
    UNION ALL
    SELECT report_id, province_list, province_code,
        [('C4', arraySum(`local_officers.trained`), arraySum(`local_officers.total`))] AS figures
    FROM training_report FINAL
    WHERE stat_year = {year:UInt16} AND notEmpty(`local_officers.level`)
    UNION ALL
    SELECT report_id, course.1 AS province_list, course.2 AS province_code,
        [('T1', toUInt64(course.3), toUInt64(course.4))] AS figures
    FROM training_report FINAL
    ARRAY JOIN arrayZip(`courses.province_list`, `courses.province_code`, `courses.certified`, `courses.trained`) AS course
    WHERE stat_year = {year:UInt16}
    UNION ALL
    SELECT report_id, item.1 AS province_list, item.2 AS province_code,
        [('Q2', toUInt64(item.3), toUInt64(item.4))] AS figures
    FROM equipment_inspection_report FINAL
    ARRAY JOIN arrayZip(`items.province_list`, `items.province_code`, `items.failed`, `items.inspected`) AS item
    WHERE stat_year = {year:UInt16}
    UNION ALL
    SELECT report_id, province_list, province_code,
        [('D1', toUInt64(accidents_paid) + toUInt64(diseases_paid), toUInt64(accidents_entitled) + toUInt64(diseases_entitled))] AS figures
    FROM insurance_report FINAL
    WHERE stat_year = {year:UInt16}
    UNION ALL
    SELECT report_id, province_list, province_code,
        [('V1', toUInt64(serious AND handled), toUInt64(serious))] AS figures
    FROM inspection FINAL
    WHERE stat_year = {year:UInt16}
)
ARRAY JOIN figures AS figure
{{- if .Reached}}
WHERE {{.Reached}}
{{- end}}
GROUP BY id, of_list, of_province
ORDER BY id, of_list, of_province
