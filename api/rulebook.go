package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"atvsld/analytics/access"
	"atvsld/ingest/forward"
	"atvsld/ingest/intake"
	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
)

// RuleCatalogue holds every rule that a submission or request is checked by.
type RuleCatalogue struct {
	Version string `json:"version"`
	Rules   []Rule `json:"rules"`
	// Reports are what the examples are edits of.
	Reports       map[string]any `json:"reports" doc:"Một báo cáo không vi phạm quy tắc nào cho mỗi loại; các ví dụ là những chỗ sửa của báo cáo này. / A report of every kind that breaks no rule; the examples are edits of it"`
	Demonstration bool           `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// Rule is a rule with its examples.
type Rule struct {
	report.RuleInfo
	Example *RuleExample `json:"example,omitzero" doc:"Một ví dụ vi phạm và một ví dụ không vi phạm; quy tắc của giao diện không có. / An example that breaks the rule and one that does not; those of the interface have none"`
}

// RuleExample is an example that breaks a rule, and one that does not.
type RuleExample struct {
	Kind    string `json:"kind" doc:"Loại báo cáo được sửa. / The kind whose report is edited"`
	Pointer string `json:"pointer" doc:"Nơi báo lỗi. / Where the finding points"`
	Breaks  []Edit `json:"breaks" doc:"Các chỗ sửa làm vi phạm quy tắc. / Edits of the report that break the rule"`
	Holds   []Edit `json:"holds" doc:"Các chỗ sửa không vi phạm; không có: chính báo cáo mẫu. / Edits that do not; none: the report itself"`
	// Previous is there for rules that look at the report of the year before.
	Previous []Edit `json:"previous,omitempty" doc:"Các chỗ sửa làm báo cáo mẫu thành báo cáo năm trước. / Edits that make the report that of the year before"`
}

// Edit sets a member of a report, or removes it.
type Edit struct {
	Pointer string `json:"pointer" doc:"RFC 6901; - ở cuối: thêm vào danh sách. / RFC 6901; a last - appends to a list"`
	Value   string `json:"value,omitempty" doc:"Văn bản JSON; không có: xóa mục. / JSON text; absent: the member is removed"`
}

func (s *Server) routeRules() {
	huma.Register(s.api, operation("list-rules", access.ReadPublic, http.MethodGet, "/v1/rules", "Quy tắc kiểm tra / Catalogue of rules",
		"Mọi quy tắc, mã ổn định, căn cứ pháp lý, hiệu lực và hai ví dụ. Phép tính số học của quy tắc là dữ liệu (arithmetic): chương trình của bạn chạy được cùng phép kiểm tra mà không cần mạng. Bản để đọc: docs/RULES.md. / "+
			"Every rule with its stable code, legal source, validity and two examples. What a rule asks of numbers is data (arithmetic): your program can run the very same check without a network. To read: docs/RULES.md.", tagReference), s.listRules)
}

type rulesOutput struct{ Body RuleCatalogue }

func (s *Server) listRules(context.Context, *struct{}) (*rulesOutput, error) {
	all := Rules()
	all.Demonstration = s.Demonstration
	return &rulesOutput{Body: all}, nil
}

// Rules returns every rule with its examples, and the reports that these are edits of.
func Rules() RuleCatalogue {
	examples := map[string]*RuleExample{}
	for _, e := range example.Rules() {
		examples[e.Code] = &RuleExample{Kind: e.Kind, Pointer: e.Pointer, Breaks: edits(e.Breaks), Holds: edits(e.Holds), Previous: edits(e.Previous)}
	}
	catalogue := RuleCatalogue{Version: report.RulesVersion, Reports: map[string]any{}}
	for _, info := range slices.Concat(report.AllRules(), intake.Rules(), forward.Rules(), rules()) {
		catalogue.Rules = append(catalogue.Rules, Rule{info, examples[info.Code]})
	}
	for _, d := range report.Definitions() {
		document, _ := example.Report(string(d.Kind))
		var decoded any
		if json.Unmarshal(document, &decoded) == nil {
			catalogue.Reports[string(d.Kind)] = decoded
		}
	}
	return catalogue
}

func edits(of []example.Edit) []Edit {
	all := make([]Edit, len(of))
	for i, e := range of {
		all[i] = Edit(e)
	}
	return all
}
