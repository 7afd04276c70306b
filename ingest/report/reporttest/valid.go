package reporttest

import "atvsld/ingest/report"

// valid holds one example of each kind, filed on 8 January 2026.
var valid = map[report.Kind]string{
	report.AccidentDeclaration: `{"kind":"accident_declaration","report_id":"019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f","content":{` +
		`"reporter":{"type":"establishment","tax_code":"0100109106","name":"Công ty Xây lắp Sông Hồng","address":"Số 1 phố Huế, Hà Nội","phone":"02438220000","province":{"list":"34","code":"01"}},` +
		`"occurred_at":"2026-01-05T14:30:00+07:00","place":{"province":{"list":"34","code":"24"},"commune_code":"09193","text":"Công trường cầu Đuống"},` +
		`"industry":{"version":"2025","code":"F4210"},"cause":"1","factor":{"list":"proposed_completion","code":"10"},` +
		`"summary":"Ngã từ giàn giáo cao 8 m khi tháo ván khuôn.","victims":[` +
		`{"name":"Nguyễn Văn An","id_number":"001085012345","birth_date":"1985-04-12","sex":"male","occupation":"7111","employment":"contract","under_management":true,"severity":"dead","died_on":"2026-01-05"},` +
		`{"name":"Trần Thị Bình","birth_year":"1990","sex":"female","occupation":"7111","employment":"contract","under_management":true,"severity":"serious","injuries":["011"]}]}}`,

	report.AnnexXII: `{"kind":"annex_xii","content":{` +
		`"reporter":{"type":"establishment","tax_code":"0100109106","name":"Công ty Xây lắp Sông Hồng","address":"Số 1 phố Huế, Hà Nội","province":{"list":"34","code":"01"},"establishment_type":"CTCP"},` +
		`"period":"2025","report_date":"2026-01-06","industry":{"version":"2025","code":"F"},"workers":{"total":420,"women":96},"payroll_million_vnd":61200,"rows":[` +
		`{"block":"1","accidents":3,"accidents_fatal":1,"accidents_multi":1,"victims":4,"victims_outside":1,"women":1,"deaths":1,"serious":2},` +
		`{"block":"1.1","code":"1","accidents":2,"accidents_fatal":1,"accidents_multi":1,"victims":3,"victims_outside":1,"women":1,"deaths":1,"serious":1},` +
		`{"block":"1.1","code":"7","accidents":1,"victims":1,"serious":1},` +
		`{"block":"1.2","code":"7","accidents":3,"accidents_fatal":1,"accidents_multi":1,"victims":4,"victims_outside":1,"women":1,"deaths":1,"serious":2},` +
		`{"block":"1.3","code":"7111","accidents":3,"accidents_fatal":1,"accidents_multi":1,"victims":4,"victims_outside":1,"women":1,"deaths":1,"serious":2},` +
		`{"block":"2","accidents":1,"victims":1,"women":1},` +
		`{"block":"3","accidents":4,"accidents_fatal":1,"accidents_multi":1,"victims":5,"victims_outside":1,"women":2,"deaths":1,"serious":2}],` +
		`"damage":{"days_off":310,"cost_total":486000,"cost_medical":86000,"cost_wages":120000,"cost_compensation":280000,"property":15000}}}`,

	report.CommuneReport: `{"kind":"commune_report","content":{` +
		`"reporter":{"type":"commune","commune":{"code":"00004","valid_from":"2025-07-01"},"name":"Ủy ban nhân dân phường Ba Đình","province":{"list":"34","code":"01"}},` +
		`"period":"2025","report_date":"2026-01-04","workers_without_contract":5200,` +
		`"total":{"accidents":3,"accidents_fatal":1,"victims":3,"women":1,"deaths":1,"serious":2},` +
		`"causes":[{"code":"6","accidents":1,"accidents_fatal":1,"victims":1,"deaths":1},{"code":"8","accidents":2,"victims":2,"women":1,"serious":2}],` +
		`"sectors":[{"industry":{"version":"2025","code":"F"},"accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},{"industry":{"version":"2025","code":"A"},"accidents":1,"victims":1,"serious":1}]}}`,

	report.DiseaseReport: `{"kind":"disease_report","content":{` +
		`"reporter":{"type":"establishment","tax_code":"0100109106","name":"Công ty Xây lắp Sông Hồng","province":{"list":"34","code":"01"}},` +
		`"period":"2025","report_date":"2026-01-06","industry":{"version":"2025","code":"F"},"workers":{"total":420,"women":96},` +
		`"exposed":{"total":180,"women":20},"examined":{"persons":150,"cases":220},"suspected":{"persons":6,"cases":7},"diagnosed":{"new":2,"old":3},` +
		`"rows":[{"factor":"noise","disease":"18","exposed":120,"examined_cases":120,"suspected":4,"diagnosed":1},{"factor":"dust","disease":"1","exposed":100,"examined_cases":100,"suspected":3,"diagnosed":1}]}}`,

	report.MonitoringReport: `{"kind":"monitoring_report","content":{` +
		`"reporter":{"type":"establishment","tax_code":"0100109106","site":"2","name":"Công ty Xây lắp Sông Hồng","province":{"list":"34","code":"01"}},` +
		`"site_province":{"list":"34","code":"24"},"period":"2025","campaign":1,"performed_on":"2025-10-14","industry":{"version":"2018","code":"F"},` +
		`"body":{"tax_code":"0100112437","licence":"123/QTMT"},"factors":[{"factor":"noise","samples":24,"over":3},{"factor":"dust","samples":18}]}}`,
}
