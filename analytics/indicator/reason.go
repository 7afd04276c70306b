package indicator

// Text is one text in the two languages of the platform, Vietnamese first.
type Text struct {
	VI string `json:"vi" yaml:"vi" doc:"Vietnamese text"`
	EN string `json:"en" yaml:"en" doc:"English text"`
}

// Reason says why a figure is null, or what is particular about a verdict. Codes are stable.
type Reason struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Code string `json:"code" doc:"Stable code of the reason"`
	VI   string `json:"vi" doc:"Vietnamese text"`
	EN   string `json:"en" doc:"English text"`
}

// The codes of reasons.
const (
	ReasonCount              = "count_no_denominator"
	ReasonNoOfficial         = "no_official_denominator"
	ReasonWorkersBySite      = "workers_by_site_unknown"
	ReasonDenominatorMissing = "denominator_missing"
	ReasonWithoutContract    = "workers_without_contract_unknown"
	ReasonHalfYear           = "not_reported_separately"
	ReasonNotBoth            = "not_both_reports"
	ReasonYearBelowHalf      = "year_below_half"
	ReasonOtherBranches      = "other_branches"
	ReasonDifference         = "difference_of_reports"
	ReasonBaseYearOnly       = "base_year_itself"
	ReasonNationNull         = "no_national_figure"
	ReasonNoRegister         = "no_register"
	ReasonNoReports          = "no_reports"
	ReasonNotClosed          = "year_not_closed"
	ReasonAdministrative     = "administrative_count"
	ReasonNoFigure           = "no_figure"
	ReasonNoBaseYear         = "no_base_year"
	ReasonNoCurrentYear      = "no_current_year"
	ReasonBaseZero           = "base_zero"
	ReasonHeldAtZero         = "held_at_zero"
	ReasonRiseFromZero       = "rise_from_zero"
	ReasonFormerUnitUnknown  = "former_unit_unknown"
	ReasonBaseParts          = "base_parts_missing"
	ReasonNotInForm          = "not_in_form"
	ReasonNoWorkers          = "workers_not_registered"
	ReasonOtherVersion       = "registered_in_another_version"
	ReasonBaselineShort      = "baseline_too_short"
	ReasonNoEvents           = "no_events"
	ReasonNotPoisson         = "not_poisson"
	ReasonPeriodRunning      = "period_running"
	ReasonEntitledOnly       = "for_entitled_only"
	ReasonNotDueYet          = "not_due_yet"
	ReasonNotInForce         = "not_in_force"
	ReasonNoIndicator        = "no_indicator"
	ReasonMilestone          = "milestone"
	ReasonYearMissing        = "year_of_period_missing"
	ReasonZeroInPeriod       = "zero_in_period"
	ReasonLevel              = "level_no_ratio"
	ReasonFormerProvince     = "plan_of_former_province"
	ReasonLaterProvince      = "plan_of_later_province"
	ReasonNotTraced          = "not_traced"
	ReasonNoHours            = "no_hours"
	ReasonNoHazardRegister   = "no_hazard_register"
	ReasonNoneDue            = "none_due"
	ReasonDenominatorZero    = "denominator_zero"
	ReasonAboveWhole         = "above_the_whole"
	ReasonSumOfDays          = "sum_of_days"
	ReasonSeriesBreak        = "series_break"
	ReasonContradiction      = "figures_contradict"
	ReasonOneSided           = "one_source_missing"
	ReasonNoTreated          = "no_treated_victims"
	ReasonImported           = "figure_imported"
	ReasonNotFrozen          = "register_not_frozen"
	ReasonNotOver            = "period_not_over"
	ReasonNoDueDate          = "no_due_date"
	ReasonNotAsked           = "not_asked"
	ReasonFallWithCoverage   = "fall_with_coverage"
)

var reasonTexts = map[string]Text{
	ReasonCount: {
		"Chỉ tiêu là số đếm, không có mẫu số.",
		"The indicator is a count; it has no denominator."},
	ReasonNoOfficial: {
		"Chưa có số liệu chính thức về tổng số lao động.",
		"No official figure of all workers has been loaded."},
	ReasonWorkersBySite: {
		"Tai nạn chết người tính theo nơi xảy ra, số lao động tính theo trụ sở chính: chưa biết số lao động làm việc tại tỉnh này.",
		"Fatal accidents are counted where they happened, workers at the head office: the workers of the sites in this province are not known."},
	ReasonDenominatorMissing: {
		"Không có báo cáo nào cho biết số lao động.",
		"No report gives the number of workers."},
	ReasonWithoutContract: {
		"Không có số liệu về số người làm việc không có hợp đồng lao động.",
		"The number of people working without a labour contract is not reported."},
	ReasonHalfYear: {
		"Báo cáo định kỳ chỉ có kỳ 6 tháng đầu năm và cả năm; 6 tháng cuối năm không được báo cáo riêng.",
		"Periodic reports cover the first half-year and the whole year; the second half-year is not reported separately."},
	ReasonNotBoth: {
		"Không đơn vị nào nộp cả báo cáo năm và báo cáo 6 tháng đầu năm: không trừ báo cáo của đơn vị này cho đơn vị khác.",
		"Nobody filed both the year's report and that of its first half: reports of different reporters are not subtracted."},
	ReasonYearBelowHalf: {
		"Mọi đơn vị nộp cả hai báo cáo đều có số liệu năm nhỏ hơn 6 tháng đầu năm: không tính.",
		"Of all who filed both, the year is below its first half: they are left out."},
	ReasonOtherBranches: {
		"Báo cáo năm và báo cáo 6 tháng không gồm cùng chi nhánh: không trừ được.",
		"The reports of the year and of its first half cover different branches: they cannot be subtracted."},
	ReasonDifference: {
		"6 tháng cuối năm là hiệu của hai báo cáo của mỗi đơn vị, xem second_half; hãy hỏi báo cáo của cả năm và của 6 tháng đầu năm.",
		"The second half-year is the difference of two reports of each reporter, see second_half; ask for the reports of the year and of its first half."},
	ReasonBaseYearOnly: {
		"Đây là năm gốc: không so với chính nó.",
		"This is the base year itself."},
	ReasonNationNull: {
		"Không có số liệu cả nước để so sánh.",
		"There is no national figure to compare with."},
	ReasonNoRegister: {
		"Chưa đối chiếu với sổ đăng ký cơ sở phải báo cáo.",
		"Not counted against a register of the establishments that must report."},
	ReasonNoWorkers: {
		"Sổ đăng ký chưa ghi số lao động của mọi cơ sở trong năm này.",
		"The register does not say the workers of each establishment in this year."},
	ReasonOtherVersion: {
		"Sổ đăng ký và báo cáo ghi ngành theo phiên bản VSIC khác nhau, không ghép được từng ngành.",
		"The register and the reports name industries in different versions of VSIC, which cannot be matched one by one."},
	ReasonOneSided: {
		"Thiếu báo cáo của một trong hai nguồn: cơ sở hoặc xã.",
		"One of the two sources, establishments or communes, has no report."},
	ReasonNoTreated: {
		"Không có cơ sở khám, chữa bệnh nào báo cáo nạn nhân.",
		"No medical facility reported a victim."},
	ReasonImported: {
		"Số liệu nhập từ tài liệu đã công bố: không rõ ai đã báo cáo.",
		"An imported figure: who reported is not known."},
	ReasonNotFrozen: {
		"Khi chốt số liệu năm này chưa chốt số đơn vị phải báo cáo.",
		"The closing of this year did not freeze how many had to report."},
	ReasonNotOver: {
		"Kỳ báo cáo chưa kết thúc: chưa ai phải nộp.",
		"The period is not over: no report is due yet."},
	ReasonNoDueDate: {
		"Không tìm thấy hạn nộp trong văn bản pháp luật.",
		"No date was found in the law by which to report."},
	ReasonNotAsked: {
		"Yêu cầu không hỏi tỷ lệ báo cáo.",
		"The request left coverage out."},
	ReasonFallWithCoverage: {
		"Tỷ lệ báo cáo cũng giảm: mức giảm này có thể chỉ do báo cáo ít đi.",
		"Coverage fell as well: a fall that may be one of reporting."},
	ReasonNoReports: {
		"Không có báo cáo nào của kỳ này trong địa bàn này.",
		"No report of this period was filed in this area."},
	ReasonNotClosed: {
		"Kỳ này chưa chốt số liệu.",
		"This period has not been closed."},
	ReasonAdministrative: {
		"Số đếm hành chính, không phải biến cố ngẫu nhiên: không tính khoảng tin cậy.",
		"An administrative count, not a random event: no confidence interval applies."},
	ReasonNoFigure: {
		"Không có số liệu để tính.",
		"There is no figure to compute it from."},
	ReasonNoBaseYear: {
		"Năm được so sánh không có báo cáo nào trong địa bàn này.",
		"No report of the year compared with was filed in this area."},
	ReasonNoCurrentYear: {
		"Năm đánh giá không có báo cáo nào trong địa bàn này.",
		"No report of the assessed year was filed in this area."},
	ReasonBaseZero: {
		"Năm được so sánh bằng 0: không tính được mức tăng.",
		"The year compared with is 0: growth from zero is not defined."},
	ReasonHeldAtZero: {
		"Giữ ở mức 0.",
		"Held at zero."},
	ReasonRiseFromZero: {
		"Tăng từ mức 0.",
		"Risen from zero."},
	ReasonFormerUnitUnknown: {
		"Có số liệu chưa xác định được thuộc tỉnh cũ nào.",
		"Some records cannot be placed in a former province."},
	ReasonBaseParts: {
		"Số liệu gốc đã nhập chỉ có một phần của địa bàn này: không cộng thiếu.",
		"Imported base figures cover only a part of this area: a part is not summed."},
	ReasonNotInForm: {
		"Biểu mẫu của người báo cáo không có số liệu này.",
		"The form of those who report does not have this figure."},
	ReasonEntitledOnly: {
		"Chỉ người có quyền xem số liệu hiện hành của địa bàn này mới được xem báo cáo nào được tính.",
		"Which reports are counted is told to those who may see live figures of this area."},
	ReasonNotDueYet: {
		"Chưa đến năm phải đạt; số liệu cho biết còn cách bao xa.",
		"The year of the target has not come; the figures tell how far it is."},
	ReasonNotInForce: {
		"Mục tiêu không áp dụng cho năm này.",
		"The target does not cover this year."},
	ReasonNoIndicator: {
		"Chưa có chỉ tiêu nào đo được mục tiêu này: không biểu mẫu nào có số liệu.",
		"No indicator measures this target: no form has the figures."},
	ReasonMilestone: {
		"Cột mốc hoàn thành hay chưa, không phải con số.",
		"A milestone is done or not done; it is no number."},
	ReasonYearMissing: {
		"Một năm trong kỳ không có số liệu: không tính được trung bình.",
		"A year of the period has no figure: there is no mean."},
	ReasonZeroInPeriod: {
		"Một năm trong kỳ bằng 0: thay đổi của năm sau không tính được phần trăm.",
		"A year of the period is 0: the change after it has no percentage."},
	ReasonLevel: {
		"Mục tiêu là một mức, không so hai năm với nhau.",
		"The target is a level; no two years are compared."},
	ReasonFormerProvince: {
		"Kế hoạch của tỉnh đã hợp nhất vào tỉnh khác: chỉ đánh giá trên danh mục 63 tỉnh.",
		"A plan of a province that is now a part of another one: it is assessed on the list of 63 only."},
	ReasonLaterProvince: {
		"Kế hoạch của tỉnh mới gồm nhiều tỉnh cũ: chỉ đánh giá trên danh mục 34 tỉnh.",
		"A plan of a province made of several former ones: it is assessed on the list of 34 only."},
	ReasonNotTraced: {
		"Chưa giải thích được từng báo cáo của nguồn này.",
		"What became of each report of this source is not told."},
	ReasonBaselineShort: {
		"Kỳ gốc có quá ít điểm có số liệu để tính đường trung tâm.",
		"Too few periods of the baseline have a figure to compute a centre line from."},
	ReasonNoEvents: {
		"Phần dùng để so sánh không có biến cố nào: không tính được giới hạn.",
		"No event was counted in what is compared with: there are no limits to compute."},
	ReasonNotPoisson: {
		"Chỉ tiêu không đếm biến cố ngẫu nhiên độc lập (Poisson): giới hạn này không áp dụng.",
		"The indicator does not count independent random events (Poisson): these limits do not apply."},
	ReasonPeriodRunning: {
		"Kỳ này chưa kết thúc: chưa so sánh được với kỳ trọn vẹn.",
		"This period has not ended: it cannot be compared with whole ones."},
	ReasonNoHours: {
		"Không có báo cáo nào ghi số giờ làm việc (mục không bắt buộc, không có trong Phụ lục XII).",
		"No report gives the hours worked (optional, not in Annex XII)."},
	ReasonNoHazardRegister: {
		"Sổ đăng ký không có cơ sở nào phát sinh yếu tố có hại trong năm này ở địa bàn này.",
		"The register holds no establishment that generates harmful factors in this year and area."},
	ReasonNoneDue: {
		"Chưa có vụ nào hết thời hạn điều tra.",
		"The limit of no investigation has passed."},
	ReasonDenominatorZero: {
		"Mẫu số bằng 0: không có gì để tính tỷ lệ.",
		"The denominator is 0: there is nothing to take a share of."},
	ReasonAboveWhole: {
		"Tử số lớn hơn mẫu số: không phải một phần của tổng, không tính khoảng tin cậy.",
		"The numerator exceeds the denominator: it is no part of a whole, and no confidence interval applies."},
	ReasonContradiction: {
		"Số liệu mâu thuẫn: phần trừ đi lớn hơn tổng số.",
		"The figures contradict each other: what is taken off is more than the whole."},
	ReasonSeriesBreak: {
		"Số lao động của hai năm thuộc hai chuỗi số liệu khác nhau, không so sánh được.",
		"The workers of the two years are of two different series of statistics, which cannot be compared."},
	ReasonSumOfDays: {
		"Tổng số ngày nghỉ của ít vụ tai nạn, không phải số biến cố độc lập: không tính khoảng tin cậy.",
		"A sum of days of few accidents, not a count of independent events: no confidence interval applies."},
}

// ReasonOf returns the reason of a code for other answers than indicators.
func ReasonOf(code string) *Reason { return because(code) }

// because returns the reason of a code. A code without a text is a mistake of the
// programmer that a test finds.
func because(code string) *Reason {
	t := reasonTexts[code]
	return &Reason{Code: code, VI: t.VI, EN: t.EN}
}
