package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Errors of Decode. They are told apart with errors.Is.
var (
	// ErrTooLarge: longer than MaxBytes.
	ErrTooLarge = errors.New("report is larger than 256 KiB")
	// ErrNotJSON: no JSON document in the sense of RFC 7493: syntax, invalid
	// UTF-8, a member named twice, nested beyond MaxDepth, data after the end.
	ErrNotJSON = errors.New("not a JSON document")
)

// strict refuses members that the Go type does not have. Duplicate names and
// invalid UTF-8 are refused by default.
var strict = json.RejectUnknownMembers(true)

// envelope is a submission as it is written.
type envelope struct {
	Kind        Kind           `json:"kind" form:"required,max=40" doc:"Loại báo cáo / Kind of report"`
	ReportID    UUID           `json:"report_id,omitzero" doc:"Sự kiện: UUIDv7 do người nộp chọn; báo cáo định kỳ: hệ thống tính, nếu gửi thì phải bằng / Event: UUIDv7 chosen by the filer; periodic report: computed, and if sent it must be equal"`
	Revision    *uint32        `json:"revision,omitzero" doc:"Lần nộp, từ 1 đến 32767; từ 2 trở đi là sửa đổi / Revision, from 1 to 32767; from 2 on it amends"`
	Withdrawn   bool           `json:"withdrawn,omitzero" doc:"Rút báo cáo: không có content / Takes the report back: no content then"`
	Reason      Private        `json:"reason,omitzero" form:"max=5000" private:"narrative" doc:"Lý do sửa đổi hoặc rút / Why it is amended or withdrawn"`
	Acknowledge []string       `json:"acknowledge,omitzero" form:"items=100,max=20" doc:"Mã các cảnh báo người nộp đã đọc và vẫn giữ số liệu / Codes of the warnings the filer stands by" list:"rules"`
	ReceivedAt  time.Time      `json:"received_at,omitzero" doc:"Thời điểm nhận, chỉ dùng cho dữ liệu mẫu và hồ sơ giấy / Time of receipt, for demonstration data and paper only"`
	Paper       *Paper         `json:"paper,omitzero" doc:"Hồ sơ giấy do cán bộ nhập thay / Paper that an officer enters on behalf" source:"The platform's rules of filing" status:"V"`
	Content     jsontext.Value `json:"content,omitzero" doc:"Nội dung theo mẫu của loại báo cáo / Content in the form of the kind"`
}

var envelopeForm = formOf[envelope]()

// Decode reads one submission.
//
// The error is not nil only when the bytes are no JSON document at all or too
// large. Otherwise every finding of form is returned at once, each with its
// pointer, and whatever could be read is in the submission, so that [Check] can
// go on to the rules: the filer gets one answer.
//
// Text is normalised to Unicode NFC on reading.
func Decode(data []byte) (Submission, []Finding, error) {
	text, err := scan(data, MaxBytes)
	if err != nil {
		return Submission{}, nil, err
	}
	s, ok := decodeFast(data, text)
	if ok {
		return s, nil, nil
	}
	// Only a document that is valid as a whole is worth findings of form.
	if err := validate(data); err != nil {
		return Submission{}, nil, err
	}
	s, findings := decodeSlow(data)
	return s, findings, nil
}

func validate(data []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	if _, err := dec.ReadValue(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	if _, err := dec.ReadToken(); err == nil || !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: data after the end", ErrNotJSON)
	}
	return nil
}

// decodeFast reads a submission that is right in form, and says whether it is.
func decodeFast(data []byte, text textFacts) (Submission, bool) {
	var e envelope
	if err := json.Unmarshal(data, &e, strict); err != nil {
		return Submission{}, false
	}
	if !text.ready(envelopeForm, reflect.ValueOf(&e).Elem()) || e.Revision != nil && *e.Revision == 0 {
		return Submission{}, false
	}
	s := e.submission()
	definition, known := Lookup(e.Kind)
	if !known {
		return Submission{}, false
	}
	if e.Content == nil || e.Content.Kind() == 'n' {
		return s, true
	}
	content := definition.New()
	if err := json.Unmarshal(e.Content, content, strict); err != nil {
		return Submission{}, false
	}
	if e.Content.Kind() != '{' || !text.ready(definition.form, reflect.ValueOf(content).Elem()) {
		return Submission{}, false
	}
	s.Content = content
	return s, true
}

func (e *envelope) submission() Submission {
	s := Submission{Kind: e.Kind, ReportID: uuid.UUID(e.ReportID), Revision: 1, Withdrawn: e.Withdrawn,
		Reason: e.Reason, Acknowledge: e.Acknowledge, ReceivedAt: e.ReceivedAt, Paper: e.Paper}
	if e.Revision != nil {
		s.Revision = *e.Revision
	}
	return s
}

// DecodeContent reads what [Submission.Strip] left and json.Marshal wrote: the
// payload of a stored report. It is as strict as Decode, except that personal
// members are absent and the platform's are there.
func DecodeContent(kind Kind, stripped []byte) (Content, error) {
	definition, known := Lookup(kind)
	if !known {
		return nil, fmt.Errorf("decode content: unknown kind %.40q", string(kind))
	}
	text, err := scan(stripped, maxStrippedBytes)
	if err != nil {
		return nil, fmt.Errorf("decode content of %s: %w", kind, err)
	}
	text.stripped = true
	content := definition.New()
	if err := json.Unmarshal(stripped, content, strict); err != nil {
		return nil, fmt.Errorf("decode content of %s: %w", kind, err)
	}
	if text.ready(definition.form, reflect.ValueOf(content).Elem()) {
		return content, nil
	}
	r := reader{stripped: true}
	content = definition.New()
	r.document(definition.form, stripped, reflect.ValueOf(content).Elem(), "/content")
	if len(r.findings) > 0 {
		f := r.findings[0]
		return nil, fmt.Errorf("decode content of %s: %s %s: %s", kind, f.Code, f.Pointer, f.Message)
	}
	return content, nil
}
