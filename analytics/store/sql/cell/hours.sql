{{- /* One row per counted report that says how many hours were worked: the accidents of the
others would stand without hours. A parent's report replaces those of its branches, as in
annex.sql. */ -}}
SELECT
    stat_year, period_class AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
    '' AS split, '' AS member, hours_worked, victims, commuting_victims, days_off
FROM
(
    SELECT
        stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code, vsic_version, vsic_section,
        hours_worked, victims, commuting_victims, days_off
    FROM annex_xii FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period_class IN {periods:Array(String)}
        AND hours_worked > 0
        AND (branch = '' OR (period, branch) NOT IN
        (
            {{template "covered.sql" .}}
        ))
)
