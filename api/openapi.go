package api

import (
	"fmt"
	"io"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"atvsld/analytics/access"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

const (
	tokenScheme  = "token"
	schemaPrefix = "#/components/schemas/"
)

// openAPIConfig tells huma what it needs; addresses of documents and pages are ours.
func (s *Server) openAPIConfig() huma.Config {
	format := huma.Format{Marshal: encode, Unmarshal: func(data []byte, v any) error { return json.Unmarshal(data, v) }}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "atvsld", Version: s.version(),
				Description: "Nền tảng dữ liệu quốc gia về an toàn, vệ sinh lao động. / Viet Nam's national data platform for occupational safety and health.",
				License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Tags: []*huma.Tag{
				{Name: tagFiling, Description: "Nộp báo cáo / Filing reports"},
				{Name: tagFigures, Description: "Chỉ tiêu và mức đạt / Indicators and attainment"},
				{Name: tagOfficers, Description: "Thông điệp không lưu được / Messages that could not be stored"},
				{Name: tagAccess, Description: "Khóa API, mã truy cập, ủy quyền / API keys, tokens, who may act for whom"},
				{Name: tagService, Description: "Bằng chứng khi vận hành / Proof in service"},
				{Name: tagReference, Description: "Quy tắc, danh mục, biên nhận / Rules, code lists, receipts"},
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry(schemaPrefix, nameSchema),
				SecuritySchemes: map[string]*huma.SecurityScheme{tokenScheme: {
					Type: "http", Scheme: "bearer",
					Description: "Mã truy cập. Bản cài đặt tự tạo mã trong DATA/keys/local-token khi chạy lần đầu. Ngoài các địa chỉ nêu dưới đây, /metrics của kho thật cần mã, và /readyz chỉ nêu nguyên nhân lỗi cho người có mã. / " +
						"A token. An installation makes one in DATA/keys/local-token at its first start. Beside the addresses described here, /metrics of a real (not demonstration) store needs it, and /readyz tells the causes of failures to its holder only.",
				}},
			},
		},
		Formats:                      map[string]huma.Format{jsonType: format, "json": format, csvType: {Marshal: encodeCSV}, printType: {Marshal: encodeHTML}, sheetType: {Marshal: encodeSheet}},
		DefaultFormat:                jsonType,
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{s.transform},
	}
}

const (
	tagFiling    = "filing"
	tagFigures   = "figures"
	tagOfficers  = "officers"
	tagReference = "reference"
	tagAccess    = "access"
	tagService   = "service"
)

func (s *Server) version() string {
	if s.Version == "" {
		return "dev"
	}
	return s.Version
}

func encode(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) }

// nameSchema names a type by its package, because several packages have a Factor;
// those of this package go without.
func nameSchema(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	in := path.Base(t.PkgPath())
	if t.Name() == "" || in == "api" || in == "." || strings.HasPrefix(name, capital(in)) {
		return name
	}
	return capital(in) + name
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// transform turns huma's own errors into ours and completes every problem.
func (s *Server) transform(ctx huma.Context, _ string, v any) (any, error) {
	switch v := v.(type) {
	case *huma.ErrorModel:
		ctx.SetHeader("Content-Type", problemType)
		return s.stamp(problemOf(v), callOf(ctx.Context()).id), nil
	case *Problem:
		return s.stamp(v, callOf(ctx.Context()).id), nil
	}
	return v, nil
}

// problemOf explains huma's findings about parameters.
func problemOf(e *huma.ErrorModel) *Problem {
	if e.Status >= http.StatusInternalServerError {
		return problemFailed.new(ruleFault.finding())
	}
	switch e.Status {
	case http.StatusRequestEntityTooLarge:
		return problemTooLarge.new(ruleBodyLimit.finding())
	case http.StatusBadRequest:
		return problemUnreadable.new(ruleEmptyBody.finding())
	}
	p := problemParameters.new()
	p.Status = e.Status
	for _, detail := range e.Errors {
		_, name, _ := strings.Cut(detail.Location, ".")
		f := ruleParameter.parameter(name, name, detail.Message, name, detail.Message)
		if detail.Message == "unknown query parameter" {
			f = ruleUnknown.parameter(name, name, name)
		}
		f.Value = valueText(detail.Value)
		p.Errors = append(p.Errors, f)
	}
	return p
}

func valueText(v any) string {
	if v == nil {
		return ""
	}
	const most = 100
	text := []rune(fmt.Sprint(v))
	return string(text[:min(len(text), most)])
}

// operation describes a question; every one may fail in the usual ways.
func operation(id string, action access.Action, method, address, summary, description, tag string, errors ...int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: address, Summary: summary, Description: description, Tags: []string{tag},
		Metadata: map[string]any{metaProblems: append(errors, always()...), metaAction: action},
	}
}

// finishOpenAPI corrects what huma cannot know, once every operation is there.
func (s *Server) finishOpenAPI() {
	doc := s.api.OpenAPI()
	registry := doc.Components.Schemas
	problem := registry.Schema(reflect.TypeFor[Problem](), true, "")
	for _, item := range doc.Paths {
		for _, op := range operationsOf(item) {
			secureOperation(op)
			describeProblems(op, problem)
		}
	}
	delete(registry.Map(), nameSchema(reflect.TypeFor[huma.ErrorModel](), ""))
	delete(registry.Map(), nameSchema(reflect.TypeFor[huma.ErrorDetail](), ""))
	correctSchemas(registry, codeListAddresses(s.Seeds))
}

func correctSchemas(registry huma.Registry, codeLists map[string]string) {
	for name, schema := range registry.Map() {
		if t := registry.TypeFromRef(schemaPrefix + name); t != nil {
			correct(schema, t, codeLists)
		}
	}
}

func operationsOf(item *huma.PathItem) []*huma.Operation {
	return slices.DeleteFunc([]*huma.Operation{item.Get, item.Post}, func(op *huma.Operation) bool { return op == nil })
}

// describeProblems puts our problems in place of huma's error model.
func describeProblems(op *huma.Operation, problem *huma.Schema) {
	delete(op.Responses, "default")
	statuses, _ := op.Metadata[metaProblems].([]int)
	for _, status := range statuses {
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status), Headers: problemHeaders(status),
			Content: map[string]*huma.MediaType{problemType: {Schema: problem}},
		}
	}
}

func problemHeaders(status int) map[string]*huma.Param {
	text := &huma.Schema{Type: huma.TypeString}
	switch status {
	case http.StatusServiceUnavailable, http.StatusPreconditionFailed, http.StatusNotFound:
		return map[string]*huma.Param{"Retry-After": {Description: "Seconds after which trying again can help", Schema: &huma.Schema{Type: huma.TypeInteger}}}
	case http.StatusUnauthorized:
		return map[string]*huma.Param{"WWW-Authenticate": {Schema: text}}
	}
	return nil
}

// correct fits a schema to what the encoder really writes: a nil slice is [], never
// null; a nil pointer to an object is null, unless it is left out. codeLists tells where those are that members name.
func correct(schema *huma.Schema, t reflect.Type, codeLists map[string]string) {
	for _, field := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := schema.Properties[name]
		if property == nil || field.Anonymous {
			continue
		}
		plainLists(property)
		omitted := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		if field.Type.Kind() == reflect.Pointer && property.Ref != "" && !omitted {
			schema.Properties[name] = &huma.Schema{
				Description: property.Description,
				AnyOf:       []*huma.Schema{{Ref: property.Ref}, {Type: "null"}},
			}
		}
	}
	applyForm(schema, t, codeLists)
}

func plainLists(s *huma.Schema) {
	if s == nil || s.Type != huma.TypeArray {
		return
	}
	s.Nullable = false
	plainLists(s.Items)
}
