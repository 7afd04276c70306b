package api

import (
	"slices"

	"atvsld/analytics/indicator"
)

// seriesRow is a value with the answer that it stands in.
type seriesRow struct {
	of    *indicator.Series
	value indicator.Value
}

func seriesTable(s indicator.Series) figureTable {
	rows := make([]seriesRow, len(s.Values))
	for i, v := range s.Values {
		rows[i] = seriesRow{&s, v}
	}
	return tableOf(seriesColumns(), rows)
}

func seriesColumns() []tableColumn[seriesRow] {
	return slices.Concat(keyColumns(), figureColumns(), secondHalfColumns(), standColumns(), comparisonColumns(), rankColumns(), lastColumns())
}

// words is a text in both languages.
func words(vi, en string) indicator.Text { return indicator.Text{VI: vi, EN: en} }

// valued fills a column from the value alone.
func valued(name string, text indicator.Text, of func(v indicator.Value) any) tableColumn[seriesRow] {
	return tableColumn[seriesRow]{name, text, func(r seriesRow) any { return of(r.value) }}
}

func keyColumns() []tableColumn[seriesRow] {
	section := func(v indicator.Value) indicator.Section {
		if v.VSIC == nil {
			return indicator.Section{}
		}
		return *v.VSIC
	}
	return slices.Concat([]tableColumn[seriesRow]{
		valued("indicator", indicatorText, func(v indicator.Value) any { return v.Definition.ID }),
		valued("period", words("Năm hoặc 6 tháng", "Year or half-year"), func(v indicator.Value) any { return v.Period }),
	}, areaColumns(func(r seriesRow) indicator.Area { return r.value.Area }), []tableColumn[seriesRow]{
		valued("vsic_version", words("Phiên bản VSIC", "Version of VSIC"), func(v indicator.Value) any { return section(v).Version }),
		valued("vsic_section", words("Ngành cấp 1; trống khi chưa rõ", "Section of VSIC; empty when it is not known"), func(v indicator.Value) any { return section(v).Code }),
		valued("month", words("Tháng xảy ra tai nạn", "Month of the accident"), monthOf),
		valued("cause", words("Mã nguyên nhân; trống khi chưa rõ", "Code of the cause; empty when it is not known"), func(v indicator.Value) any { return given(v.Cause) }),
		valued("injury_factor", words("Mã yếu tố gây chấn thương; trống khi chưa rõ", "Code of the injury factor; empty when it is not known"), func(v indicator.Value) any { return given(v.InjuryFactor) }),
		valued("sex", words("Giới tính: female, male hoặc rest (số còn lại của báo cáo định kỳ); trống khi chưa rõ", "Sex: female, male, or rest of a periodic report; empty when it is not known"), func(v indicator.Value) any { return given(v.Sex) }),
		valued("age_group", words("Nhóm tuổi khi xảy ra tai nạn; trống khi chưa rõ", "Age group on the day of the accident; empty when it is not known"), func(v indicator.Value) any { return given(v.AgeGroup) }),
		valued("size_class", words("Quy mô lao động của cơ sở báo cáo; trống khi không ghi", "Class of the reporting establishment by workers; empty when it reports none"), func(v indicator.Value) any { return given(v.SizeClass) }),
		valued("employment", words("Quan hệ lao động", "Employment relationship"), func(v indicator.Value) any { return string(v.Employment) }),
	})
}

func monthOf(v indicator.Value) any {
	if v.Month == nil {
		return nil
	}
	return int64(*v.Month)
}

func figureColumns() []tableColumn[seriesRow] {
	return []tableColumn[seriesRow]{
		valued("numerator", words("Tử số", "Numerator"), func(v indicator.Value) any { return given(v.Numerator) }),
		valued("numerator_reason", words("Vì sao không có tử số", "Why there is no numerator"), func(v indicator.Value) any { return code(v.NumeratorReason) }),
		valued("denominator", words("Mẫu số", "Denominator"), func(v indicator.Value) any { return given(v.Denominator) }),
		valued("denominator_reason", words("Vì sao không có mẫu số", "Why there is no denominator"), func(v indicator.Value) any { return code(v.DenominatorReason) }),
		valued("factor", words("Hệ số nhân", "Factor"), func(v indicator.Value) any { return v.Factor }),
		valued("value", words("Giá trị = tử số × hệ số / mẫu số", "Value = numerator x factor / denominator"), func(v indicator.Value) any { return given(v.Value) }),
		valued("value_reason", words("Vì sao không có giá trị", "Why there is no value"), func(v indicator.Value) any { return code(v.ValueReason) }),
		valued("lower", words("Cận dưới của khoảng tin cậy 95 %", "Lower limit of the 95 % confidence interval"), func(v indicator.Value) any { return lower(v.Interval) }),
		valued("upper", words("Cận trên của khoảng tin cậy 95 %", "Upper limit of the 95 % confidence interval"), func(v indicator.Value) any { return upper(v.Interval) }),
		valued("interval_reason", words("Vì sao không có khoảng tin cậy", "Why there is no interval"), func(v indicator.Value) any { return code(v.IntervalReason) }),
		valued("unit_vi", words("Đơn vị tính, tiếng Việt", "Unit in Vietnamese"), func(v indicator.Value) any { return v.Unit.VI }),
		valued("unit_en", words("Đơn vị tính, tiếng Anh", "Unit in English"), func(v indicator.Value) any { return v.Unit.EN }),
	}
}

func secondHalfColumns() []tableColumn[seriesRow] {
	half := func(name string, text indicator.Text, of func(h indicator.SecondHalf) int64) tableColumn[seriesRow] {
		return valued(name, text, func(v indicator.Value) any {
			if v.SecondHalf == nil {
				return nil
			}
			return of(*v.SecondHalf)
		})
	}
	return []tableColumn[seriesRow]{
		half("second_half_reports", words("Số đơn vị nộp cả năm và 6 tháng đầu năm được tính", "Reporters counted: they filed the year and its first half"), func(h indicator.SecondHalf) int64 { return h.Reports }),
		half("second_half_workers", words("Số lao động của các đơn vị đó", "Workers of those reporters"), func(h indicator.SecondHalf) int64 { return h.Workers }),
		half("second_half_year_reports", words("Tổng số báo cáo năm", "All reports of the year"), func(h indicator.SecondHalf) int64 { return h.YearReports }),
		half("second_half_year_below_half", words("Số đơn vị bị loại: năm nhỏ hơn 6 tháng", "Reporters left out: their year is below its first half"), func(h indicator.SecondHalf) int64 { return h.YearBelowHalf }),
		half("second_half_other_branches", words("Số đơn vị bị loại: hai báo cáo khác chi nhánh", "Reporters left out: their reports cover different branches"), func(h indicator.SecondHalf) int64 { return h.OtherBranches }),
	}
}

func standColumns() []tableColumn[seriesRow] {
	return []tableColumn[seriesRow]{
		valued("definition_version", words("Phiên bản định nghĩa", "Version of the definition"), func(v indicator.Value) any { return int64(v.Definition.Version) }),
		valued("geography", words("Danh mục tỉnh và hiệu lực", "List of provinces and its validity"), func(v indicator.Value) any { return v.Geography }),
		valued("coverage", words("Độ bao phủ", "Coverage"), func(v indicator.Value) any { return given(v.Coverage.Value) }),
		valued("coverage_reason", words("Vì sao không có độ bao phủ", "Why there is no coverage"), func(v indicator.Value) any { return code(v.Coverage.Reason) }),
		valued("coverage_reported", words("Số đơn vị trong sổ đăng ký đã báo cáo", "Registered units that reported"), func(v indicator.Value) any { return given(v.Coverage.Numerator) }),
		valued("coverage_due", words("Số đơn vị trong sổ đăng ký phải báo cáo", "Registered units that had to"), func(v indicator.Value) any { return given(v.Coverage.Denominator) }),
		valued("timeliness", words("Tỷ lệ đúng hạn", "Share that reported in time"), func(v indicator.Value) any { return given(v.Coverage.Timeliness.Value) }),
		valued("as_of", words("Thời điểm của số liệu", "Moment the figures stand for"), func(v indicator.Value) any { return instant(v.AsOf) }),
		valued("status", words("Tạm tính, chính thức hoặc đã thay đổi sau chốt", "provisional, final, or revised since the closing"), func(v indicator.Value) any { return string(v.Status) }),
		valued("closed_as_of", words("Lần chốt được so với", "Closing that a live figure is held against"), func(v indicator.Value) any { return instant(v.ClosedAsOf) }),
		valued("source", words("Từ báo cáo hoặc số liệu đã nhập", "From reports or imported figures"), func(v indicator.Value) any { return string(v.Source) }),
	}
}

func comparisonColumns() []tableColumn[seriesRow] {
	compared := func(name string, text indicator.Text, of func(c indicator.Comparison) any) tableColumn[seriesRow] {
		return valued(name, text, func(v indicator.Value) any {
			if v.Compared == nil {
				return nil
			}
			return of(*v.Compared)
		})
	}
	return []tableColumn[seriesRow]{
		compared("compared_period", words("Kỳ được so sánh", "Period compared with"), func(c indicator.Comparison) any { return c.Period }),
		compared("compared_numerator", words("Tử số của kỳ đó", "Its numerator"), func(c indicator.Comparison) any { return given(c.Numerator) }),
		compared("compared_denominator", words("Mẫu số của kỳ đó", "Its denominator"), func(c indicator.Comparison) any { return given(c.Denominator) }),
		compared("compared_value", words("Giá trị của kỳ đó", "Its value"), func(c indicator.Comparison) any { return given(c.Value) }),
		compared("compared_value_reason", words("Vì sao không có giá trị", "Why there is none"), func(c indicator.Comparison) any { return code(c.ValueReason) }),
		compared("change_pct", words("Thay đổi, %", "Change in percent"), func(c indicator.Comparison) any { return given(c.ChangePct) }),
		compared("change_reason", words("Vì sao không tính được thay đổi", "Why there is no change"), func(c indicator.Comparison) any { return code(c.ChangeReason) }),
		compared("ratio_lower", words("Cận dưới của tỷ số, 95 %", "Lower 95 % limit of the ratio"), func(c indicator.Comparison) any { return lower(c.Ratio) }),
		compared("ratio_upper", words("Cận trên của tỷ số, 95 %", "Upper 95 % limit of the ratio"), func(c indicator.Comparison) any { return upper(c.Ratio) }),
		compared("ratio_reason", words("Vì sao không có khoảng của tỷ số", "Why there is no interval of the ratio"), func(c indicator.Comparison) any { return code(c.RatioReason) }),
		compared("within_noise", words("Khoảng của tỷ số chứa 1", "The interval of the ratio contains 1"), func(c indicator.Comparison) any { return given(c.WithinNoise) }),
	}
}

func rankColumns() []tableColumn[seriesRow] {
	ranked := func(name string, text indicator.Text, of func(r indicator.Rank) any) tableColumn[seriesRow] {
		return valued(name, text, func(v indicator.Value) any {
			if v.Rank == nil {
				return nil
			}
			return of(*v.Rank)
		})
	}
	return []tableColumn[seriesRow]{
		ranked("rank", words("Thứ hạng, 1 là tốt nhất; bằng nhau cùng hạng", "Rank, 1 the best; equal values share it"), func(r indicator.Rank) any { return given(r.Rank) }),
		ranked("rank_of", words("Số tỉnh được xếp hạng", "Provinces ranked"), func(r indicator.Rank) any { return int64(r.Of) }),
		ranked("rank_reason", words("Vì sao không xếp hạng", "Why it has no rank"), func(r indicator.Rank) any { return code(r.Reason) }),
		ranked("overlaps_nation", words("Khoảng tin cậy chứa giá trị cả nước: thứ hạng không phải kết luận", "The interval contains the national value: the rank is no finding"), func(r indicator.Rank) any { return given(r.OverlapsNation) }),
		ranked("overlaps_nation_reason", words("Vì sao không so với cả nước", "Why it is not held against the nation"), func(r indicator.Rank) any { return code(r.OverlapsReason) }),
	}
}

func lastColumns() []tableColumn[seriesRow] {
	return []tableColumn[seriesRow]{
		{"demonstration", demonstrationText, func(r seriesRow) any { return r.of.Demonstration }},
	}
}
