package intake

import (
	"fmt"

	"atvsld/ingest/report"
)

// rule is a finding that only the gateway can make: it needs to know who files
// or what was filed before.
type rule struct {
	code                 string
	messageVI, messageEN string
	legalRef             string
}

const protocol = "conventions of the platform's interface"

// The gateway's rules. Codes are stable.
var (
	ruleUnreadable     = rule{"GWY-001", "Không đọc được tài liệu JSON: %s.", "The JSON document cannot be read: %s.", protocol}
	ruleNoID           = rule{"GWY-002", "Cần report_id; vụ việc nộp lần đầu có thể dùng tiêu đề Idempotency-Key thay thế.", "A report_id is needed; the first filing of an event may carry an Idempotency-Key header instead.", protocol}
	ruleReceivedAt     = rule{"GWY-003", "Chỉ bộ nạp dữ liệu mẫu được đặt received_at.", "Only the loader of demonstration data may set received_at.", protocol}
	ruleConflict       = rule{"GWY-004", "Lần nộp %d đã có với nội dung khác. Muốn sửa, nộp lần %d.", "Revision %d was filed before with other content. To amend it, file revision %d.", protocol}
	ruleStale          = rule{"GWY-005", "Lần nộp %d không nối tiếp lần mới nhất; lần tiếp theo là %d.", "Revision %d does not follow the newest one; the next is %d.", protocol}
	ruleIdentity       = rule{"GWY-006", "Không được đổi loại báo cáo, năm, kỳ hoặc đơn vị khi sửa. Hãy rút báo cáo và nộp mới.", "An amendment may not change kind, year, period or unit. Withdraw the report and file anew.", protocol}
	ruleWithdrawnTwice = rule{"GWY-007", "Báo cáo này đã được rút.", "This report is withdrawn already.", protocol}
	ruleKeyReused      = rule{"GWY-008", "Idempotency-Key này đã dùng cho nội dung khác.", "This Idempotency-Key was used for other content.", protocol}
	ruleInternal       = rule{"GWY-009", "Hệ thống không xử lý được báo cáo này; lỗi đã được ghi lại.", "The platform could not process this report; the fault is on record.", protocol}
	rulePaper          = rule{"GWY-011", "Chỉ cán bộ được giao mới được nhập báo cáo giấy (paper).", "Only an entitled officer may enter a report that came on paper.", protocol}
	ruleMeanwhile      = rule{"GWY-012", "Lần nộp mới nhất là %d, không phải %d như If-Match nêu.", "The newest revision is %d, not %d as If-Match says.", protocol}
	ruleReporterType   = rule{"GWY-020", "Vai trò %s không nộp báo cáo với tư cách %s.", "The role %s does not file as %s.", protocol}
	ruleReporterUnit   = rule{"GWY-021", "Đơn vị báo cáo không thuộc các đơn vị mà người nộp được nộp thay.", "The reporter is not a unit for which the caller may file.", protocol}
	ruleReporterArea   = rule{"GWY-022", "Tỉnh của người báo cáo không thuộc địa bàn của người nộp.", "The reporter's province is not in the caller's area.", protocol}
	ruleReporterKind   = rule{"GWY-023", "Vai trò %s không nộp loại báo cáo này, kể cả nhập thay bản giấy.", "The role %s files no reports of this kind, nor enters them from paper.", protocol}
	ruleTaken          = rule{"GWY-024", "Không dùng được report_id này cho báo cáo mới; hãy chọn mã khác.", "This report_id cannot be used for a new report; choose another.", protocol}
	ruleNoScope        = rule{"GWY-025", "Mã truy cập không cho phép nộp cho đơn vị hay địa bàn nào.", "The token lets file for no unit and no area.", protocol}
	ruleErased         = rule{"GWY-010", "Dữ liệu cá nhân của năm %d đã được xóa; không nhận thêm văn bản cá nhân cho năm đó.", "Personal data of %d has been erased; no more personal text is taken for that year.", protocol}
)

// finding fills the messages. args holds the arguments of the Vietnamese text
// followed by those of the English one, which are as many.
func (r rule) finding(pointer string, args ...any) report.Finding {
	half := len(args) / 2
	return report.Finding{
		Code: r.code, Severity: report.Error, Pointer: pointer, LegalRef: r.legalRef,
		MessageVI: fmt.Sprintf(r.messageVI, args[:half]...), Message: fmt.Sprintf(r.messageEN, args[half:]...),
	}
}

// Rules lists the gateway's rules for the rule catalogue.
func Rules() []report.RuleInfo {
	var infos []report.RuleInfo
	for _, r := range []rule{
		ruleUnreadable, ruleNoID, ruleReceivedAt, ruleConflict, ruleStale, ruleIdentity, ruleWithdrawnTwice, ruleKeyReused, ruleInternal, ruleErased, rulePaper, ruleMeanwhile,
		ruleReporterType, ruleReporterUnit, ruleReporterArea, ruleReporterKind, ruleTaken, ruleNoScope,
	} {
		infos = append(infos, report.RuleInfo{
			Code: r.code, Severity: report.Error, MessageVI: r.messageVI, MessageEN: r.messageEN, LegalRef: r.legalRef, Status: "V",
		})
	}
	return infos
}
