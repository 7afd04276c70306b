package api

import (
	"slices"
	"strings"

	"atvsld/analytics/indicator"
	"atvsld/analytics/trend"
)

// chartRow is a point with the chart and the answer that it stands in.
type chartRow struct {
	of    *trend.ChartSet
	chart *trend.Chart
	point *trend.Point
}

// chartTable has one row a point; the signals that it is part of stand in one cell.
func chartTable(set trend.ChartSet) figureTable {
	var rows []chartRow
	for i := range set.Charts {
		c := &set.Charts[i]
		for j := range c.Points {
			rows = append(rows, chartRow{&set, c, &c.Points[j]})
		}
	}
	return tableOf(slices.Concat(
		[]tableColumn[chartRow]{
			{"indicator", indicatorText, func(r chartRow) any { return r.of.Indicator.ID }},
			{"chart", words("u: tỷ lệ; c: số đếm", "u: a rate; c: a count"), func(r chartRow) any { return r.of.Kind }},
		},
		valueColumns(func(r chartRow) indicator.Value { return r.point.Value }),
		[]tableColumn[chartRow]{
			{"centre", words("Đường trung tâm", "Centre line"), func(r chartRow) any { return given(r.chart.Centre) }},
			{"centre_reason", words("Vì sao không có đường trung tâm", "Why there is no centre line"), func(r chartRow) any { return code(r.chart.CentreReason) }},
			{"in_baseline", words("Thuộc kỳ gốc của đường trung tâm", "Part of the centre line's baseline"), func(r chartRow) any { return r.point.InBaseline }},
		},
		judgementColumns(func(r chartRow) *trend.Judgement { return &r.point.Judgement }),
		[]tableColumn[chartRow]{
			{"signals", words("Các dấu hiệu mà kỳ này thuộc về", "Signals that the period is part of"), func(r chartRow) any { return signalsOf(r.chart, r.point.Period) }},
			{"records", recordsText, func(r chartRow) any { return r.point.Records }},
			{"demonstration", demonstrationText, func(r chartRow) any { return r.of.Demonstration }},
		},
	), rows)
}

// signalsOf names the signals that a period is part of.
func signalsOf(c *trend.Chart, period string) string {
	var names []string
	for _, s := range c.Signals {
		if slices.Contains(s.Periods, period) {
			names = append(names, s.Rule+":"+s.Direction)
		}
	}
	return strings.Join(names, " ")
}

// funnelRow is a province with the answer that it stands in.
type funnelRow struct {
	of    *trend.Funnel
	point *trend.FunnelPoint
}

func funnelTable(f trend.Funnel) figureTable {
	rows := make([]funnelRow, len(f.Points))
	for i := range f.Points {
		rows[i] = funnelRow{&f, &f.Points[i]}
	}
	return tableOf(slices.Concat(
		[]tableColumn[funnelRow]{
			{"indicator", indicatorText, func(r funnelRow) any { return r.of.Indicator.ID }},
			{"from", words("Kỳ đầu", "First period"), func(r funnelRow) any { return r.of.From }},
			{"to", words("Kỳ cuối; nhiều kỳ được cộng lại", "Last period; several are added up"), func(r funnelRow) any { return r.of.To }},
		},
		areaColumns(func(r funnelRow) indicator.Area { return r.point.Area }),
		[]tableColumn[funnelRow]{
			{"numerator", textOf("numerator"), func(r funnelRow) any { return given(r.point.Numerator) }},
			{"denominator", textOf("denominator"), func(r funnelRow) any { return given(r.point.Denominator) }},
			{"factor", textOf("factor"), func(r funnelRow) any { return r.point.Factor }},
			{"value", textOf("value"), func(r funnelRow) any { return given(r.point.Value) }},
			{"value_reason", textOf("value_reason"), func(r funnelRow) any { return code(r.point.ValueReason) }},
			{"unit_vi", textOf("unit_vi"), func(r funnelRow) any { return r.point.Unit.VI }},
			{"unit_en", textOf("unit_en"), func(r funnelRow) any { return r.point.Unit.EN }},
			{"centre", words("Tỷ lệ chung của các tỉnh được đánh giá", "Rate of all assessed provinces together"), func(r funnelRow) any { return given(r.of.Centre) }},
		},
		judgementColumns(func(r funnelRow) *trend.Judgement { return &r.point.Judgement }),
		[]tableColumn[funnelRow]{
			{"as_of", textOf("as_of"), func(r funnelRow) any { return instant(r.point.AsOf) }},
			{"status", textOf("status"), func(r funnelRow) any { return string(r.point.Status) }},
			{"records", recordsText, func(r funnelRow) any { return r.point.Records }},
			{"demonstration", demonstrationText, func(r funnelRow) any { return r.of.Demonstration }},
		},
	), rows)
}

// moverRow is a change with the answer that it stands in.
type moverRow struct {
	of    *trend.Movers
	mover *trend.Mover
}

// moversTable has the ranked changes, then those that cannot be ranked.
func moversTable(m trend.Movers) figureTable {
	var rows []moverRow
	for _, list := range [][]trend.Mover{m.Movers, m.Unranked} {
		for i := range list {
			rows = append(rows, moverRow{&m, &list[i]})
		}
	}
	current := valueColumns(func(r moverRow) indicator.Value { return r.mover.Current })
	current[0].name = "current_period"
	return tableOf(slices.Concat(changeColumns(), current, []tableColumn[moverRow]{
		{"previous_records", words("Nơi xem các báo cáo của số trước", "Where the reports of the earlier figure are"), func(r moverRow) any { return r.mover.PreviousRecords }},
		{"current_records", words("Nơi xem các báo cáo của số sau", "Where the reports of the later figure are"), func(r moverRow) any { return r.mover.CurrentRecords }},
		{"demonstration", demonstrationText, func(r moverRow) any { return r.of.Demonstration }},
	}), rows)
}

func changeColumns() []tableColumn[moverRow] {
	change := func(name string, text indicator.Text, of func(m *trend.Mover) any) tableColumn[moverRow] {
		return tableColumn[moverRow]{name, text, func(r moverRow) any { return of(r.mover) }}
	}
	return []tableColumn[moverRow]{
		{"indicator", indicatorText, func(r moverRow) any { return r.of.Indicator.ID }},
		change("rank", words("Thứ hạng, 1 là thay đổi khó do ngẫu nhiên nhất", "Rank, 1 the least probable change"), func(m *trend.Mover) any {
			if m.Rank == 0 {
				return nil
			}
			return int64(m.Rank)
		}),
		change("direction", words("risen: tăng, fallen: giảm, unchanged: không đổi", "risen, fallen or unchanged"), func(m *trend.Mover) any { return m.Direction }),
		change("p_value", words("Xác suất chính xác của thay đổi như vậy hoặc lớn hơn", "Exact probability of such a change or a larger one"), func(m *trend.Mover) any { return given(m.PValue) }),
		change("p_holm", words("Xác suất đã hiệu chỉnh theo số so sánh", "The same, adjusted for the number of comparisons"), func(m *trend.Mover) any { return given(m.PHolm) }),
		change("reason", words("Vì sao không kiểm định được thay đổi", "Why the change cannot be tested"), func(m *trend.Mover) any { return code(m.Reason) }),
		change("small_numbers", words("Số nhỏ: thêm hoặc bớt vài vụ là khác", "A few events more or less would change the picture"), func(m *trend.Mover) any { return m.SmallNumbers }),
		change("change_pct", words("Thay đổi, %", "Change in percent"), func(m *trend.Mover) any { return given(m.ChangePct) }),
		change("ratio_lower", words("Cận dưới của tỷ số, 95 %", "Lower 95 % limit of the ratio"), func(m *trend.Mover) any { return lower(m.Ratio) }),
		change("ratio_upper", words("Cận trên của tỷ số, 95 %", "Upper 95 % limit of the ratio"), func(m *trend.Mover) any { return upper(m.Ratio) }),
		change("previous_period", words("Kỳ trước", "Earlier period"), func(m *trend.Mover) any { return m.Previous.Period }),
		change("previous_numerator", words("Tử số kỳ trước", "Its numerator"), func(m *trend.Mover) any { return given(m.Previous.Numerator) }),
		change("previous_denominator", words("Mẫu số kỳ trước", "Its denominator"), func(m *trend.Mover) any { return given(m.Previous.Denominator) }),
		change("previous_value", words("Giá trị kỳ trước", "Its value"), func(m *trend.Mover) any { return given(m.Previous.Value) }),
	}
}

// valueNames are the columns of what a value is of and what it is made of, as in a series.
var valueNames = []string{
	"period", "area_level", "area_list", "area_code", "area_vi", "area_en", "vsic_version", "vsic_section",
	"month", "cause", "injury_factor", "sex", "age_group", "size_class", "employment", "numerator", "denominator", "factor", "value", "value_reason", "unit_vi", "unit_en", "as_of", "status", "source",
}

func valueColumns[T any](value func(T) indicator.Value) []tableColumn[T] {
	columns := make([]tableColumn[T], len(valueNames))
	for i, name := range valueNames {
		c := ofSeries(name)
		columns[i] = tableColumn[T]{c.name, c.text, func(row T) any { return c.of(seriesRow{value: value(row)}) }}
	}
	return columns
}

// ofSeries is a column of the table of a series, which must have it.
func ofSeries(name string) tableColumn[seriesRow] {
	all := seriesColumns()
	return all[slices.IndexFunc(all, func(c tableColumn[seriesRow]) bool { return c.name == name })]
}

// textOf says what a column holds that a series has, too.
func textOf(name string) indicator.Text { return ofSeries(name).text }

func judgementColumns[T any](judgement func(T) *trend.Judgement) []tableColumn[T] {
	limit := func(name string, text indicator.Text, of func(l *trend.Limits) float64) tableColumn[T] {
		return tableColumn[T]{name, text, func(row T) any {
			if l := judgement(row).Limits; l != nil {
				return of(l)
			}
			return nil
		}}
	}
	return []tableColumn[T]{
		{"expected", words("Số vụ kỳ vọng theo mức so sánh", "Events expected at the rate compared with"), func(row T) any { return given(judgement(row).Expected) }},
		limit("action_lower", words("Giới hạn hành động dưới", "Lower action limit"), func(l *trend.Limits) float64 { return l.ActionLower }),
		limit("warning_lower", words("Giới hạn cảnh báo dưới", "Lower warning limit"), func(l *trend.Limits) float64 { return l.WarningLower }),
		limit("warning_upper", words("Giới hạn cảnh báo trên", "Upper warning limit"), func(l *trend.Limits) float64 { return l.WarningUpper }),
		limit("action_upper", words("Giới hạn hành động trên", "Upper action limit"), func(l *trend.Limits) float64 { return l.ActionUpper }),
		{"limits_reason", words("Vì sao không có giới hạn", "Why there are no limits"), func(row T) any { return code(judgement(row).LimitsReason) }},
		{"position", words("Vị trí so với giới hạn, theo xác suất chính xác", "Position to the limits, by the exact probability"), func(row T) any { return string(judgement(row).Position) }},
		{"p_value", words("Xác suất của số vụ lệch đến mức này, hai phía", "Probability of a count as far out, on both sides"), func(row T) any { return given(judgement(row).PValue) }},
	}
}

// Columns of every table here.
var (
	indicatorText     = words("Mã chỉ tiêu", "Identifier of the indicator")
	recordsText       = words("Nơi xem các báo cáo được tính, cho người có quyền", "Where the reports counted are, for those entitled")
	demonstrationText = words("Dữ liệu mẫu, không phải thống kê", "Demonstration data, no statistics")
)

func chartNotes(set trend.ChartSet) []note {
	var reasons []*indicator.Reason
	for i := range set.Charts {
		c := &set.Charts[i]
		reasons = append(reasons, c.CentreReason)
		for j := range c.Points {
			reasons = append(reasons, c.Points[j].ValueReason, c.Points[j].LimitsReason)
		}
	}
	return slices.Concat(trendNotes(set.Header, set.Rules), reasonNotes(reasons))
}

func funnelNotes(f trend.Funnel) []note {
	reasons := []*indicator.Reason{f.CentreReason}
	for i := range f.Points {
		reasons = append(reasons, f.Points[i].ValueReason, f.Points[i].LimitsReason)
	}
	return slices.Concat(trendNotes(f.Header, f.Rules), reasonNotes(reasons))
}

func moversNotes(m trend.Movers) []note {
	var reasons []*indicator.Reason
	for _, list := range [][]trend.Mover{m.Movers, m.Unranked} {
		for i := range list {
			reasons = append(reasons, list[i].Reason, list[i].Previous.ValueReason, list[i].Current.ValueReason)
		}
	}
	return slices.Concat(trendNotes(m.Header, m.Rules), reasonNotes(reasons))
}

// trendNotes say what the figures are, and the rules that they are judged by.
func trendNotes(h trend.Header, rules []trend.Rule) []note {
	notes := definitionNotes(h.Indicator, h.Denominator, h.View, h.Commuting)
	for _, r := range rules {
		notes = append(notes, note{r.ID, r.Text}, note{r.ID + " " + r.Parameter, same(cellText(r.Value))}, note{r.ID + " source", same(r.Source + " (" + r.Status + ")")})
	}
	return notes
}
