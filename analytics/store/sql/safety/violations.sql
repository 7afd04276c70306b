-- What everybody may see: serious, decided, handled, within the window, and of an
-- organisation. A household's code is a pseudonym here and a person's number elsewhere;
-- neither has ten digits. Persons were also given ten digits beginning with 8 (no source
-- was found that says so): they are left out as well.
SELECT province_list, province_code, vsic_version, vsic_section, tax_code, inspected_on,
    arrayFilter((code, is_serious) -> is_serious, `findings.code`, `findings.serious`) AS codes,
    decision_number, issued_on, fine, measures, handled_on
FROM inspection FINAL
WHERE serious AND decided AND handled
    AND issued_on <= {today:Date} AND handled_on BETWEEN {since:Date} AND {today:Date}
    AND match(tax_code, '^[0-79][0-9]{9}(-[0-9]{3})?$')
    AND (empty({units:Array(String)}) OR has({units:Array(String)}, concat(province_list, '/', province_code)))
ORDER BY handled_on DESC, decision_number, report_id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
