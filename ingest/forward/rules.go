package forward

import (
	"fmt"

	"atvsld/ingest/report"
)

// rule is a finding that only the door can make: about the message around a submission.
type rule struct {
	code                 string
	severity             report.Severity
	messageVI, messageEN string
}

const protocol = "conventions of the platform's interface"

// The door's rules. Codes are stable.
var (
	ruleAttribute = rule{"INB-001", report.Error, "Thuộc tính CloudEvents %s không đúng: %s.", "The CloudEvents attribute %s is wrong: %s."}
	ruleTooLarge  = rule{"INB-002", report.Error, "Thông điệp quá lớn: tối đa %d byte nội dung và %d byte tiêu đề.", "The message is too large: at most %d bytes of value and %d of headers."}
	ruleKey       = rule{"INB-003", report.Error, "Khóa Kafka phải là một UUID dạng chuẩn, chữ thường.", "The Kafka key must be a UUID in canonical lower-case form."}
	ruleKeyReport = rule{"INB-004", report.Error, "Khóa Kafka của một vụ việc phải là report_id của nó.", "The Kafka key of an event must be its report_id."}
	rulePartition = rule{"INB-005", report.Error, "Khóa này thuộc phân vùng %d trong %d; hãy dùng murmur2, mặc định của Java.", "This key belongs on partition %d of %d: use murmur2, the default of Java producers."}
	ruleData      = rule{"INB-006", report.Error, "Nội dung không phải một đối tượng JSON hợp lệ, hoặc quá lớn.", "The data is no valid JSON object, or too large."}
	ruleExposed   = rule{"INB-007", report.Error, "Dữ liệu cá nhân không được gửi ở dạng rõ (kể cả mã số thuế không phải của doanh nghiệp): hãy mã hóa vào private.", "Personal data must not be sent in clear (nor a tax code that is not an enterprise's): encrypt it into private."}
	ruleLetter    = rule{"INB-008", report.Error, "private phải là một JWE dạng gọn, tối đa %d ký tự: ECDH-ES+A256KW, A256GCM, typ atvsld-private+jwe, không nén, tiêu đề chỉ gồm alg, enc, typ, kid, epk, topic, ce_id, key.", "private must be a compact JWE of at most %d characters: ECDH-ES+A256KW, A256GCM, typ atvsld-private+jwe, not compressed, its header just alg, enc, typ, kid, epk, topic, ce_id and key."}
	ruleLetterKey = rule{"INB-009", report.Error, "JWE dùng khóa không có ở đây; hãy lấy lại /v1/inbox/keys.", "The JWE names a key that is not here: fetch /v1/inbox/keys again."}
	ruleAddress   = rule{"INB-010", report.Error, "JWE thuộc về một thông điệp khác (topic, ce_id hoặc key).", "The JWE belongs to another message (topic, ce_id or key)."}
	ruleTexts     = rule{"INB-011", report.Error, "Nội dung của JWE phải là đối tượng JSON từ con trỏ tới chuỗi.", "The JWE must hold a JSON object from pointer to text."}
	ruleMisplaced = rule{"INB-012", report.Error, "JWE có giá trị cho một vị trí không tồn tại, không phải dữ liệu cá nhân hoặc đã có giá trị.", "The JWE holds a value for a place that is not there, is not personal or is taken."}
	ruleLeftOut   = rule{"INB-013", report.Hint, "Còn %d điểm khác không nêu ở đây.", "%d more findings are left out here."}
)

func allRules() []rule {
	return []rule{
		ruleAttribute, ruleTooLarge, ruleKey, ruleKeyReport, rulePartition, ruleData, ruleExposed,
		ruleLetter, ruleLetterKey, ruleAddress, ruleTexts, ruleMisplaced, ruleLeftOut,
	}
}

// finding fills the messages. args holds the arguments of the Vietnamese text followed
// by those of the English one, which are as many.
func (r rule) finding(pointer string, args ...any) report.Finding {
	half := len(args) / 2
	return report.Finding{
		Code: r.code, Severity: r.severity, Pointer: pointer, LegalRef: protocol,
		MessageVI: fmt.Sprintf(r.messageVI, args[:half]...), Message: fmt.Sprintf(r.messageEN, args[half:]...),
	}
}

// Rules lists the door's rules for the rule catalogue.
func Rules() []report.RuleInfo {
	var infos []report.RuleInfo
	for _, r := range allRules() {
		infos = append(infos, report.RuleInfo{
			Code: r.code, Severity: r.severity, MessageVI: r.messageVI, MessageEN: r.messageEN, LegalRef: protocol,
			Status: report.Verified,
		})
	}
	return infos
}
