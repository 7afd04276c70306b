{{- /* One row per accident. Several declarations of one accident are one case: what it
was comes from the earliest live declaration, over all years; a victim counts once, with
the worst severity of any live declaration.

Nearly every accident has a single declaration, and only that one can say so without
looking at other years. So the accidents that anybody ever joined (by any revision: a
superset does no harm) and that touch the asked years are put together across all years;
the rest is read from the asked years alone. */ -}}
SELECT
    stat_year, 'E' AS period, month, province_list, province_code, vsic_version, vsic_section, cause, '*' AS split, commuting,
    arrayCount((s, e) -> s = 'dead' AND e = 'contract', `victims.severity`, `victims.employment`) AS dead_contract,
    arrayCount((s, e) -> s = 'dead' AND e != 'contract', `victims.severity`, `victims.employment`) AS dead_other,
    arrayCount((s, e) -> s = 'serious' AND e = 'contract', `victims.severity`, `victims.employment`) AS serious_contract,
    arrayCount((s, e) -> s = 'serious' AND e != 'contract', `victims.severity`, `victims.employment`) AS serious_other,
    has(`victims.employment`, 'contract') AS contract
FROM accident_declaration FINAL
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND accident_id NOT IN (SELECT accident_id FROM accident_declaration WHERE joined)
UNION ALL
SELECT *
FROM
(
    SELECT
        any(first_stat_year) AS stat_year, 'E' AS period, any(first_month) AS month,
        any(first_province_list) AS province_list, any(first_province_code) AS province_code,
        any(first_vsic_version) AS vsic_version, any(first_vsic_section) AS vsic_section,
        any(first_cause) AS cause, '*' AS split, any(first_commuting) AS commuting,
        countIf(worst = 2 AND employed_once) AS dead_contract,
        countIf(worst = 2 AND NOT employed_once) AS dead_other,
        countIf(worst = 1 AND employed_once) AS serious_contract,
        countIf(worst = 1 AND NOT employed_once) AS serious_other,
        max(employed_once) AS contract
    FROM
    (
        -- One row per person.
        SELECT
            accident_id{{range .Facts}}, any(first_{{.}}) AS first_{{.}}{{end}},
            max(severity) AS worst, max(employed) AS employed_once
        FROM
        (
            -- Whoever lists a key twice means two persons: the first one of a declaration is
            -- the first one of another, the second one the second.
            SELECT
                accident_id{{range .Facts}}, first_{{.}}{{end}}, severity, employed, key,
                row_number() OVER (PARTITION BY accident_id, report_id, key ORDER BY person = '', position) AS occurrence
            FROM
            (
                SELECT
                    accident_id, report_id{{range .Facts}}, first_{{.}}{{end}},
                    victim.1 AS person,
                    victim.5 AS position,
                    -- Nothing says that two victims without a name are the same.
                    if(victim.2 = '', concat(toString(report_id), '/', toString(position)), victim.2) AS name,
                    -- A name stands for the identity that any declaration gives to it.
                    max(person) OVER (PARTITION BY accident_id, name) AS namesake,
                    multiIf(person != '', person, namesake != '', namesake, name) AS key,
                    multiIf(victim.3 = 'dead', 2, victim.3 = 'serious', 1, 0) AS severity,
                    victim.4 = 'contract' AS employed
                FROM
                (
                    -- Apart, because ARRAY JOIN comes before WHERE.
                    SELECT
                        accident_id, report_id{{range .Facts}}, first_value({{.}}) OVER declarations AS first_{{.}}{{end}},
                        arrayZip(`victims.person`, `victims.name_key`, `victims.severity`, `victims.employment`, arrayEnumerate(`victims.person`)) AS victims
                    FROM accident_declaration FINAL
                    WHERE accident_id IN
                    (
                        SELECT accident_id
                        FROM accident_declaration
                        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
                            AND accident_id IN (SELECT accident_id FROM accident_declaration WHERE joined)
                    )
                    WINDOW declarations AS (PARTITION BY accident_id ORDER BY filed_at, report_id)
                )
                LEFT ARRAY JOIN victims AS victim
            )
        )
        GROUP BY accident_id, key, occurrence
    )
    GROUP BY accident_id
)
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
