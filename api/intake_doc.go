package api

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
)

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// documentIntake describes the addresses whose bodies are read without huma.
func (s *Server) documentIntake() {
	doc := s.api.OpenAPI()
	registry := doc.Components.Schemas
	submission := submissionSchema(registry)
	filing := []int{
		http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusForbidden, http.StatusRequestTimeout,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusNotImplemented, http.StatusServiceUnavailable,
	}

	one := operation("file-report", access.File, http.MethodPost, "/v1/reports", "Nộp một báo cáo / File one report",
		"Trả lời 202 kèm biên nhận có chữ ký, chỉ sau khi báo cáo đã được ghi an toàn. Mọi lỗi được trả lời cùng một lúc. Nộp lại đúng nội dung cũ luôn an toàn: cùng một mã số. / "+
			"Answers 202 with a signed receipt, only after the report is durably kept. All findings come in one answer. Filing the very same again is always safe: same tracking number. "+
			"The signed receipt is the answer without the members replayed, warnings and demonstration.",
		tagFiling, append(filing, http.StatusConflict, http.StatusPreconditionFailed)...)
	one.Parameters = filingParameters()
	one.RequestBody = &huma.RequestBody{
		Required: true, Description: "At most " + strconv.Itoa(report.MaxBytes) + " bytes",
		Content: map[string]*huma.MediaType{jsonType: {Schema: submission}},
	}
	one.Responses = map[string]*huma.Response{
		"202": {
			Description: "Đã nhận / Accepted", Headers: map[string]*huma.Param{"Location": {Description: "State of the report", Schema: &huma.Schema{Type: huma.TypeString}}},
			Content: map[string]*huma.MediaType{jsonType: {Schema: registry.Schema(typeOf[Acceptance](), true, "")}},
		},
		"200": {
			Description: "Kiểm tra thử: không có lỗi, chưa nộp / dry_run: nothing is wrong, nothing was filed",
			Content:     map[string]*huma.MediaType{jsonType: {Schema: registry.Schema(typeOf[DryRun](), true, "")}},
		},
	}
	offered(&one, s.hasGateway)
	doc.AddOperation(&one)

	many := operation("file-reports", access.File, http.MethodPost, "/v1/reports:batch", "Nộp nhiều báo cáo / File many reports",
		"Mỗi dòng một báo cáo; kết quả từng dòng theo đúng thứ tự, dòng cuối là tổng hợp. / "+
			"One submission a line (NDJSON). The results stream back in order while the rest still arrives: read them while sending, or send no more than some 90,000 rows at once. "+
			"The status is 200 because every row carries its own status; the last line is the summary, or an error saying why rows were left (as API-027: the platform is stopping); without it the stream broke off. Rows without a result are to be filed again. "+
			"A row shows at most 100 findings, the worst ones. "+
			"A row of more than "+strconv.Itoa(report.MaxBytes)+" bytes is answered 413 and skipped. With an Idempotency-Key the key and the line number name the request.",
		tagFiling, filing...)
	many.Parameters = filingParameters()
	many.RequestBody = &huma.RequestBody{
		Required: true,
		Description: fmt.Sprintf("May be compressed (Content-Encoding: gzip): it unpacks to at most %d bytes and %d times what was sent",
			s.config.MaxUnpacked, s.config.MaxRatio),
		Content: map[string]*huma.MediaType{ndjsonType: {Schema: submission}},
	}
	many.Responses = map[string]*huma.Response{"200": {
		Description: "Kết quả từng dòng / A result per row, then the summary",
		Content: map[string]*huma.MediaType{ndjsonType: {Schema: &huma.Schema{OneOf: []*huma.Schema{
			registry.Schema(typeOf[BatchRow](), true, ""), registry.Schema(typeOf[BatchEnd](), true, ""),
		}}}},
	}}
	offered(&many, s.hasGateway)
	doc.AddOperation(&many)
}

func filingParameters() []*huma.Param {
	one, most := 1, 200
	return []*huma.Param{
		{Name: "dry_run", In: "query", Description: "true: kiểm tra mọi quy tắc, không nộp; báo cáo định kỳ nộp riêng còn được so với năm trước của chính đơn vị / run every check and file nothing; a periodic report on its own is also held against the unit’s year before", Schema: &huma.Schema{Type: huma.TypeBoolean, Default: false}},
		{Name: "Idempotency-Key", In: "header", Description: "Tên của yêu cầu do người nộp đặt / Name of the request; the same key with other content is refused", Schema: &huma.Schema{Type: huma.TypeString, MinLength: &one, MaxLength: &most}},
		{Name: LoaderHeader, In: "header", Description: "Chỉ bộ nạp dữ liệu mẫu / Loader of demonstration data only", Schema: &huma.Schema{Type: huma.TypeBoolean, Default: false}},
	}
}
