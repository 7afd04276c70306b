report_id, revision, stat_year, period, unit, filed_at, received_at, province_list, province_code
