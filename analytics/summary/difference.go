package summary

import (
	"context"
	"fmt"
	"strconv"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// Difference is one count beside itself from the two sources.
type Difference struct {
	Employment string `json:"employment" enum:"contract,no_contract"`
	Measure    string `json:"measure" enum:"fatal_accidents,deaths"`
	Name       Text   `json:"name"`
	// Declared is from accident cases, by the place of the accident.
	Declared Count `json:"declared" doc:"From declared cases, by place and day of the accident"`
	// Periodic is from Annex XII by the head office, or from the communes.
	Periodic   Count  `json:"periodic" doc:"From Annex XII (contract: by head office) or the communes' reports (no contract)"`
	Source     string `json:"periodic_source" enum:"annex_xii,commune_report"`
	Difference Count  `json:"difference" doc:"Declared less periodic"`
	Reports    int64  `json:"reports" doc:"Periodic reports that are counted"`
}

// differences lists declared cases beside periodic reports. They are never added: the
// same accident is in both.
func (m *Maker) differences(ctx context.Context, s span, out *Summary) ([]Difference, error) {
	declared, err := m.declared(ctx, s)
	if err != nil {
		return nil, err
	}
	with, without := out.Contract.Details[0], out.NoContract.Details[0]
	fatal, deaths := Text{VI: "Số vụ tai nạn lao động chết người", EN: "Fatal accidents"}, Text{VI: "Số người chết", EN: "Deaths"}
	rows := []Difference{
		{Employment: store.Contract, Measure: store.FatalAccidents, Name: fatal, Periodic: with.AccidentsFatal, Source: "annex_xii", Reports: with.Reports},
		{Employment: store.Contract, Measure: store.Deaths, Name: deaths, Periodic: with.Deaths, Source: "annex_xii", Reports: with.Reports},
		{Employment: store.NoContract, Measure: store.FatalAccidents, Name: fatal, Periodic: without.AccidentsFatal, Source: "commune_report", Reports: without.Reports},
		{Employment: store.NoContract, Measure: store.Deaths, Name: deaths, Periodic: without.Deaths, Source: "commune_report", Reports: without.Reports},
	}
	reports := with.Reports + without.Reports
	for i := range rows {
		n := declared[declaredKey{rows[i].Measure, rows[i].Employment}]
		// Nobody declares that nothing happened, so only a periodic report proves a zero.
		rows[i].Declared = counted(n, reports+n)
		rows[i].Difference = minus(rows[i].Declared, rows[i].Periodic)
	}
	return rows, nil
}

func minus(a, b Count) Count {
	switch {
	case a.Value == nil:
		return Count{Reason: a.Reason}
	case b.Value == nil:
		return Count{Reason: b.Reason}
	}
	return known(*a.Value - *b.Value)
}

type declaredKey struct{ measure, employment string }

func (m *Maker) declared(ctx context.Context, s span) (map[declaredKey]int64, error) {
	geography := store.On(seeds.List34, m.seeds)
	if s.Area.List == seeds.List63 {
		geography = store.On(seeds.List63, m.seeds)
	}
	part := store.Year
	if s.half {
		part = store.FirstHalf
	}
	cells, err := m.store.Cells(ctx, store.CellQuery{
		Measures: []string{store.FatalAccidents, store.Deaths}, From: s.year, To: s.year, Span: part, Basis: store.Live,
		GroupBy: []store.Dim{store.ByProvince, store.ByEmployment}, Geography: geography,
	})
	if err != nil {
		return nil, fmt.Errorf("declared cases of %s: %w", s.Period, err)
	}
	sums := map[declaredKey]int64{}
	for _, c := range cells {
		if s.query.Nation || c.Province == s.Area {
			sums[declaredKey{c.Measure, c.Employment}] += c.Value
		}
	}
	return sums, nil
}

// Column says what a number of the summary counts.
type Column struct {
	Name   string `json:"name"`
	Text   Text   `json:"text"`
	Source string `json:"source" doc:"Reports that it is counted from"`
}

func (m *Maker) definition(s span) Definition {
	return Definition{
		ID: "province_summary", Version: 1, Factor: s.Factor, Status: "S",
		Form:     Text{VI: "Báo cáo tổng hợp tình hình tai nạn lao động cấp tỉnh (Phụ lục XIV, XV)", EN: "Province's summary on occupational accidents (Annexes XIV, XV)"},
		LegalRef: "Decree 39/2016/ND-CP Art. 24, Annexes XIV-XV (layout: S, after form 01/TNLĐ-T; which of the two annexes is for which part: UNVERIFIED)",
		Columns:  columns(s.Factor),
		Notes: []Text{
			{VI: "Phần có hợp đồng lao động lấy từ Phụ lục XII, phần không có hợp đồng lấy từ báo cáo của xã; hai phần không cộng với nhau.",
				EN: "The part with a labour contract is from Annex XII, the part without from the communes' reports; the two are never added."},
			{VI: "Số liệu 6 tháng là của báo cáo 6 tháng, số liệu năm là của báo cáo năm; không cộng, không trừ.",
				EN: "A half-year is from half-year reports and a year from year reports; none is added to or taken from the other."},
			{VI: "Chi nhánh đã có trong báo cáo của đơn vị mẹ thì không tính riêng.",
				EN: "A branch that its parent's report covers is not counted by itself."},
			{VI: "Thiệt hại chỉ có theo từng báo cáo, không theo nguyên nhân, yếu tố hay nghề nghiệp; nên chỉ ghi ở dòng tổng số, gồm cả tai nạn theo khoản 2 Điều 39.",
				EN: "Damage is reported per report, not by cause, factor or occupation; so it stands with the total, accidents under Art. 39(2) included."},
			{VI: "Hệ số K: chưa tìm thấy công thức trong văn bản; nhân với " + strconv.FormatInt(s.Factor, 10) + " là quy ước.",
				EN: "Rates K: the legal text of the formula was not found; the factor " + strconv.FormatInt(s.Factor, 10) + " is a convention."},
		},
	}
}

func columns(factor int64) []Column {
	const annex, both = "annex_xii", "annex_xii, commune_report"
	times := strconv.FormatInt(factor, 10)
	return []Column{
		{"establishments", Text{VI: "Số cơ sở phải báo cáo", EN: "Establishments that must report"}, "register"},
		{"reporting", Text{VI: "Số cơ sở có báo cáo", EN: "Establishments that reported"}, annex},
		{"workers", Text{VI: "Tổng số lao động của các cơ sở phải báo cáo", EN: "Workers of the establishments that must report"}, "register"},
		{"workers_reporting", Text{VI: "Số lao động của các cơ sở có báo cáo", EN: "Workers of the establishments that reported"}, annex},
		{"workers_women", Text{VI: "Số lao động nữ của các cơ sở có báo cáo", EN: "Women workers of the establishments that reported"}, annex},
		{"accidents", Text{VI: "Số vụ tai nạn lao động", EN: "Accidents"}, both},
		{"accidents_fatal", Text{VI: "Số vụ có người chết", EN: "Accidents with a death"}, both},
		{"accidents_multi", Text{VI: "Số vụ có từ hai người bị nạn trở lên", EN: "Accidents with two or more victims"}, both},
		{"victims", Text{VI: "Số người bị nạn", EN: "Victims"}, both},
		{"victims_outside", Text{VI: "Số người bị nạn không thuộc quyền quản lý", EN: "Victims not under the management of who reports"}, annex},
		{"women", Text{VI: "Số nữ bị nạn", EN: "Women among the victims"}, both},
		{"deaths", Text{VI: "Số người chết", EN: "Deaths"}, both},
		{"serious", Text{VI: "Số người bị thương nặng", EN: "Seriously injured"}, both},
		{"k_tnld", Text{VI: "K_TNLĐ = số người bị nạn × " + times + " / số lao động của các cơ sở có báo cáo", EN: "Victims x " + times + " / workers of the establishments that reported"}, annex},
		{"k_chet", Text{VI: "K_chết = số người chết × " + times + " / số lao động của các cơ sở có báo cáo", EN: "Deaths x " + times + " / workers of the establishments that reported"}, annex},
		{"days_off", Text{VI: "Tổng số ngày nghỉ vì tai nạn, kể cả nghỉ lễ", EN: "Days off because of accidents, statutory leave included"}, annex},
		{"cost_total", Text{VI: "Tổng chi phí (1.000 đồng)", EN: "Costs (thousand VND)"}, annex},
		{"property", Text{VI: "Thiệt hại tài sản (1.000 đồng)", EN: "Property damage (thousand VND)"}, annex},
	}
}
