package report

const sourceForm = "RFC 8259 (JSON); the platform's description of the form"

// The rules of form. They hold for every kind and are found while reading.
// Placeholders are filled by reader.note.
var formRules = [...]RuleInfo{
	{Code: "ENV-001", MessageVI: "Thiếu mục bắt buộc “%s”.", MessageEN: "The required member “%s” is missing."},
	{Code: "ENV-002", MessageVI: "Mẫu báo cáo không có mục “%s”.", MessageEN: "The form has no member “%s”."},
	{Code: "ENV-003", MessageVI: "Sai kiểu dữ liệu: cần %s, nhận được %s.", MessageEN: "Wrong type: %s is wanted, %s was given."},
	{Code: "ENV-004", MessageVI: "Số không hợp lệ: cần %s.", MessageEN: "Not a valid number: %s is wanted."},
	{Code: "ENV-005", MessageVI: "Ngày không hợp lệ: cần một ngày có thật, viết NNNN-TT-NN (năm-tháng-ngày).", MessageEN: "Not a valid date: a day that exists is wanted, written YYYY-MM-DD."},
	{Code: "ENV-006", MessageVI: "Thời điểm không hợp lệ: cần viết theo RFC 3339 kèm múi giờ, ví dụ 2026-03-05T14:30:00+07:00.", MessageEN: "Not a valid time: RFC 3339 with an offset is wanted, for example 2026-03-05T14:30:00+07:00."},
	{Code: "ENV-007", MessageVI: "Mã UUID không hợp lệ: cần 36 ký tự theo RFC 9562.", MessageEN: "Not a valid UUID: the 36 characters of RFC 9562 are wanted."},
	{Code: "ENV-008", MessageVI: "Văn bản quá dài: %d ký tự, tối đa %d.", MessageEN: "The text is too long: %d characters, at most %d."},
	{Code: "ENV-009", MessageVI: "Văn bản chứa ký tự điều khiển U+%04X.", MessageEN: "The text holds the control character U+%04X."},
	{Code: "ENV-010", MessageVI: "Giá trị không nằm trong danh sách: %s.", MessageEN: "The value is none of: %s."},
	{Code: "ENV-011", MessageVI: "Danh sách quá dài: %d phần tử, tối đa %d.", MessageEN: "The list is too long: %d elements, at most %d."},
	{Code: "ENV-012", MessageVI: "Mục này do hệ thống tính, người báo cáo không được gửi.", MessageEN: "The platform computes this member; a filer may not send it."},
	{Code: "ENV-013", MessageVI: "Không có loại báo cáo này; các loại: %s.", MessageEN: "There is no such kind of report; the kinds are: %s."},
	{Code: "ENV-014", MessageVI: "Có hơn %d lỗi; phần còn lại không được liệt kê.", MessageEN: "There are more than %d findings; the rest is not listed."},
}

// Names for the rules above.
var (
	formMissing     = formRule(0)
	formUnknown     = formRule(1)
	formType        = formRule(2)
	formNumber      = formRule(3)
	formDate        = formRule(4)
	formTime        = formRule(5)
	formUUID        = formRule(6)
	formLong        = formRule(7)
	formControl     = formRule(8)
	formEnum        = formRule(9)
	formItems       = formRule(10)
	formComputed    = formRule(11)
	formKindUnknown = formRule(12)
	formTooMany     = formRule(13)
)

func formRule(i int) *RuleInfo {
	r := &formRules[i]
	r.Severity, r.LegalRef, r.Status = Error, sourceForm, Verified
	return r
}
