package api

import (
	"slices"

	"atvsld/analytics/indicator"
)

// attainmentRow is a verdict with the answer that it stands in.
type attainmentRow struct {
	of   *indicator.Attainment
	item indicator.Item
}

func attainmentTable(a indicator.Attainment) figureTable {
	rows := make([]attainmentRow, len(a.Items))
	for i, item := range a.Items {
		rows[i] = attainmentRow{&a, item}
	}
	return tableOf(slices.Concat(targetColumns(), comparedColumns(), verdictColumns(), planColumns(), pathColumns(), answerColumns()), rows)
}

// assessed fills a column from the verdict alone.
func assessed(name string, text indicator.Text, of func(i indicator.Item) any) tableColumn[attainmentRow] {
	return tableColumn[attainmentRow]{name, text, func(r attainmentRow) any { return of(r.item) }}
}

func targetColumns() []tableColumn[attainmentRow] {
	return slices.Concat([]tableColumn[attainmentRow]{
		assessed("target", words("Mã mục tiêu", "Identifier of the target"), func(i indicator.Item) any { return i.Target.ID }),
		assessed("definition", words("Cách tính", "Definition it is assessed under"), func(i indicator.Item) any { return i.Definition.ID }),
		assessed("headline", words("Cách tính chính", "Whether it is the headline"), func(i indicator.Item) any { return i.Definition.Headline }),
	}, areaColumns(func(r attainmentRow) indicator.Area { return r.item.Area }), []tableColumn[attainmentRow]{
		assessed("year", words("Năm đánh giá", "Year assessed"), func(i indicator.Item) any { return int64(i.Year) }),
	})
}

func comparedColumns() []tableColumn[attainmentRow] {
	return []tableColumn[attainmentRow]{
		assessed("previous_numerator", words("Tử số năm trước", "Numerator of the previous year"), func(i indicator.Item) any { return given(i.Previous.Numerator) }),
		assessed("previous_denominator", words("Mẫu số năm trước", "Denominator of the previous year"), func(i indicator.Item) any { return given(i.Previous.Denominator) }),
		assessed("previous_value", words("Giá trị năm trước", "Value of the previous year"), func(i indicator.Item) any { return given(i.Previous.Value) }),
		assessed("previous_value_reason", words("Vì sao không có giá trị năm trước", "Why there is none"), func(i indicator.Item) any { return code(i.Previous.ValueReason) }),
		assessed("current_numerator", words("Tử số", "Numerator"), func(i indicator.Item) any { return given(i.Current.Numerator) }),
		assessed("current_denominator", words("Mẫu số", "Denominator"), func(i indicator.Item) any { return given(i.Current.Denominator) }),
		assessed("current_value", words("Giá trị", "Value"), func(i indicator.Item) any { return given(i.Current.Value) }),
		assessed("current_value_reason", words("Vì sao không có giá trị", "Why there is none"), func(i indicator.Item) any { return code(i.Current.ValueReason) }),
		assessed("factor", words("Hệ số nhân", "Factor"), func(i indicator.Item) any { return i.Factor }),
		assessed("change_pct", words("Thay đổi so với năm trước, %", "Change to the previous year in percent"), func(i indicator.Item) any { return given(i.ChangePct) }),
		assessed("threshold_num", words("Ngưỡng: tử số", "Threshold: numerator"), func(i indicator.Item) any {
			if i.Threshold == nil {
				return nil
			}
			return i.Threshold.Num
		}),
		assessed("threshold_den", words("Ngưỡng: mẫu số", "Threshold: denominator"), func(i indicator.Item) any {
			if i.Threshold == nil {
				return nil
			}
			return i.Threshold.Den
		}),
		assessed("limit", words("Số nguyên vừa đạt mục tiêu", "Whole number that just meets the target"), func(i indicator.Item) any {
			if i.Limit == nil {
				return nil
			}
			return i.Limit.Count
		}),
	}
}

func verdictColumns() []tableColumn[attainmentRow] {
	return []tableColumn[attainmentRow]{
		assessed("verdict", words("Kết quả", "Verdict"), func(i indicator.Item) any { return string(i.Verdict) }),
		assessed("reason", words("Vì sao không đánh giá được, hoặc điểm riêng", "Why there is none, or what is particular"), func(i indicator.Item) any { return code(i.Reason) }),
		assessed("within_noise", words("Khoảng của tỷ số chứa 1", "The interval of the ratio contains 1"), func(i indicator.Item) any { return given(i.WithinNoise) }),
		assessed("ratio_lower", words("Cận dưới của tỷ số, 95 %", "Lower 95 % limit of the ratio"), func(i indicator.Item) any { return lower(i.Ratio) }),
		assessed("ratio_upper", words("Cận trên của tỷ số, 95 %", "Upper 95 % limit of the ratio"), func(i indicator.Item) any { return upper(i.Ratio) }),
		assessed("ratio_reason", words("Vì sao không có khoảng của tỷ số", "Why there is no interval of the ratio"), func(i indicator.Item) any { return code(i.RatioReason) }),
		assessed("coverage", words("Độ bao phủ", "Coverage"), func(i indicator.Item) any { return given(i.Coverage.Value) }),
		assessed("coverage_reason", words("Vì sao không có độ bao phủ", "Why there is no coverage"), func(i indicator.Item) any { return code(i.Coverage.Reason) }),
		assessed("coverage_reported", words("Số đơn vị trong sổ đăng ký đã báo cáo", "Registered units that reported"), func(i indicator.Item) any { return given(i.Coverage.Numerator) }),
		assessed("coverage_due", words("Số đơn vị trong sổ đăng ký phải báo cáo", "Registered units that had to"), func(i indicator.Item) any { return given(i.Coverage.Denominator) }),
		assessed("timeliness", words("Tỷ lệ đúng hạn", "Share that reported in time"), func(i indicator.Item) any { return given(i.Coverage.Timeliness.Value) }),
		assessed("previous_coverage", words("Độ bao phủ của năm so sánh", "Coverage of the year compared with"), func(i indicator.Item) any { return given(i.PreviousCoverage.Value) }),
		assessed("coverage_changed", words("Độ bao phủ thay đổi nhiều", "Coverage moved by more than coverage_points"), func(i indicator.Item) any { return given(i.CoverageChanged) }),
		assessed("fall_with_coverage", words("Số liệu và độ bao phủ cùng giảm", "The figure fell and coverage with it"), func(i indicator.Item) any { return i.FallWithCoverage != nil }),
		assessed("as_of", words("Thời điểm của số liệu", "Moment the figures stand for"), func(i indicator.Item) any { return instant(i.Current.AsOf) }),
		assessed("provisional", words("Một trong hai năm còn có thể thay đổi", "One of the two years may still move"), func(i indicator.Item) any { return i.Provisional }),
		assessed("retrospective", words("Năm kết thúc trước khi có mục tiêu", "The year ended before the target was set"), func(i indicator.Item) any { return i.Retrospective }),
	}
}

func answerColumns() []tableColumn[attainmentRow] {
	return []tableColumn[attainmentRow]{
		{"geography", words("Danh mục tỉnh và hiệu lực", "List of provinces and its validity"), func(r attainmentRow) any { return r.of.Geography }},
		assessed("base_source", words("Năm trước từ báo cáo hoặc số liệu đã nhập", "The previous year is from reports or imported figures"), func(i indicator.Item) any { return string(i.BaseSource) }),
		{"demonstration", words("Dữ liệu mẫu, không phải thống kê", "Demonstration data, no statistics"), func(r attainmentRow) any { return r.of.Demonstration }},
	}
}

func planColumns() []tableColumn[attainmentRow] {
	return []tableColumn[attainmentRow]{
		assessed("plan", words("Văn bản đặt ra mục tiêu", "Document that sets the target"), func(i indicator.Item) any { return i.Target.Plan }),
		assessed("plan_province_list", words("Danh mục tỉnh của kế hoạch tỉnh", "List of the province of a provincial plan"), func(i indicator.Item) any {
			if i.Target.Province == nil {
				return nil
			}
			return string(i.Target.Province.List)
		}),
		assessed("plan_province_code", words("Mã tỉnh của kế hoạch tỉnh", "Code of that province"), func(i indicator.Item) any {
			if i.Target.Province == nil {
				return nil
			}
			return i.Target.Province.Code
		}),
		assessed("rule", words("Loại mục tiêu", "Kind of rule"), func(i indicator.Item) any { return string(i.Rule) }),
		assessed("previous_year", words("Năm được so sánh", "Year compared with"), func(i indicator.Item) any { return int64(i.Previous.Year) }),
		assessed("distance", words("Khoảng cách đến mức phải đạt", "Distance to the level"), func(i indicator.Item) any { return given(i.Distance) }),
	}
}

func pathColumns() []tableColumn[attainmentRow] {
	on := func(name string, text indicator.Text, of func(p indicator.Path) any) tableColumn[attainmentRow] {
		return assessed(name, text, func(i indicator.Item) any {
			if i.Path == nil {
				return nil
			}
			return of(*i.Path)
		})
	}
	return []tableColumn[attainmentRow]{
		on("path", words("Cách đi đến mục tiêu", "Kind of path"), func(p indicator.Path) any { return string(p.Kind) }),
		on("base_year", words("Năm gốc của lộ trình", "Year the path starts from"), func(p indicator.Path) any { return int64(p.BaseYear) }),
		on("path_value", words("Giá trị của lộ trình trong năm", "Value of the path in the year"), func(p indicator.Path) any {
			if len(p.Steps) == 0 {
				return nil
			}
			return given(p.Steps[len(p.Steps)-1].Path)
		}),
		on("mean_change_pct", words("Thay đổi trung bình năm, %", "Average yearly change in percent"), func(p indicator.Path) any { return given(p.MeanChangePct) }),
	}
}
