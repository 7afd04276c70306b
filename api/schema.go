package api

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/ingest/report"
)

// Envelope is what stands around the content of every submission, as readers of the
// OpenAPI document see it. Submissions are decoded by ingest/report from the raw bytes.
type Envelope struct {
	ReportID    string   `json:"report_id,omitempty" format:"uuid" doc:"Sự kiện: UUIDv7 do người nộp chọn; báo cáo định kỳ: hệ thống tự tính. / Event: UUIDv7 chosen by the filer (without it, an Idempotency-Key is needed); periodic report: computed, and if sent it must be equal"`
	Revision    uint32   `json:"revision,omitempty" minimum:"1" maximum:"32767" default:"1" doc:"Lần nộp; từ 2 trở đi cần lý do. / Revision; from 2 on a reason is needed"`
	Withdrawn   bool     `json:"withdrawn,omitempty" doc:"Rút báo cáo: không có content. / Takes the report back: no content then"`
	Reason      string   `json:"reason,omitempty" doc:"Lý do sửa hoặc rút. / Why it is amended or withdrawn"`
	Acknowledge []string `json:"acknowledge,omitempty" doc:"Mã các cảnh báo người nộp đã đọc. / Codes of the warnings the filer stands by"`
	ReceivedAt  string   `json:"received_at,omitempty" format:"date-time" doc:"Chỉ bộ nạp dữ liệu mẫu. / Demonstration loader only"`
	Paper       *OnPaper `json:"paper,omitempty" doc:"Báo cáo giấy do cán bộ nhập thay. / The report came on paper and an officer enters it"`
}

// OnPaper says how a report came that an officer enters on behalf of who made it.
type OnPaper struct {
	ReceivedOn string `json:"received_on" format:"date" doc:"Ngày cơ quan nhận bản giấy: thời điểm nhận theo luật. / Day on which the office received the paper: the legal time of receipt"`
	EnteredBy  string `json:"entered_by" maxLength:"200" doc:"Người nhập. / Who enters it"`
	Reference  string `json:"reference,omitempty" maxLength:"200" doc:"Số công văn đến. / Its number in the office's register"`
}

// submissionSchema is one of the kinds, told apart by "kind".
func submissionSchema(registry huma.Registry) *huma.Schema {
	mapping := map[string]string{}
	var kinds []*huma.Schema
	for _, d := range report.Definitions() {
		name := submissionName(d.Kind)
		registry.Map()[name] = kindSchema(registry, d)
		mapping[string(d.Kind)] = schemaPrefix + name
		kinds = append(kinds, &huma.Schema{Ref: schemaPrefix + name})
	}
	registry.Map()["Submission"] = &huma.Schema{
		Title: "Submission", Description: "Một lần nộp của một báo cáo. / One revision of one report.", OneOf: kinds,
		Discriminator: &huma.Discriminator{PropertyName: "kind", Mapping: mapping},
	}
	return &huma.Schema{Ref: schemaPrefix + "Submission"}
}

func submissionName(kind report.Kind) string {
	var name strings.Builder
	for part := range strings.SplitSeq(string(kind), "_") {
		name.WriteString(capital(part))
	}
	return name.String() + "Submission"
}

func kindSchema(registry huma.Registry, d *report.Definition) *huma.Schema {
	schema := huma.SchemaFromType(registry, reflect.TypeFor[Envelope]())
	properties := map[string]*huma.Schema{
		"kind":    {Type: huma.TypeString, Enum: []any{string(d.Kind)}},
		"content": registry.Schema(reflect.TypeOf(d.New()), true, ""),
	}
	for name, property := range schema.Properties {
		plainLists(property)
		properties[name] = property
	}
	return &huma.Schema{
		Type: huma.TypeObject, Title: d.NameVI + " / " + d.NameEN, Description: d.LegalRef,
		Properties: properties, Required: []string{"kind"}, AdditionalProperties: false,
	}
}

// applyForm adds what the tags of the forms say (see ingest/report): what is
// required, how long it may be, which values it has. What the platform computes is
// not for filers and left out.
func applyForm(schema *huma.Schema, t reflect.Type, codeLists map[string]string) {
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := schema.Properties[name]
		if property == nil || field.Anonymous {
			continue
		}
		if field.Tag.Get("platform") == "computed" {
			delete(schema.Properties, name)
			schema.Required = slices.DeleteFunc(schema.Required, func(r string) bool { return r == name })
			continue
		}
		for option := range strings.SplitSeq(field.Tag.Get("form"), ",") {
			applyOption(schema, property, name, option)
		}
		describeCodes(property, field.Tag.Get("list"), codeLists)
	}
}

func applyOption(schema, property *huma.Schema, name, option string) {
	text := property
	if property.Items != nil {
		text = property.Items
	}
	option, value, _ := strings.Cut(option, "=")
	number, _ := strconv.Atoi(value)
	switch option {
	case "required":
		if !slices.Contains(schema.Required, name) {
			schema.Required = append(schema.Required, name)
		}
	case "max":
		text.MaxLength = &number
	case "items":
		property.MaxItems = &number
	case "enum":
		for v := range strings.SplitSeq(value, "|") {
			text.Enum = append(text.Enum, v)
		}
	}
}

// describeCodes says where the code lists are that a member names, as far as the
// platform holds them.
func describeCodes(property *huma.Schema, lists string, codeLists map[string]string) {
	var addresses []string
	for list := range strings.FieldsSeq(lists) {
		if address, held := codeLists[list]; held {
			addresses = append(addresses, address)
		}
	}
	if len(addresses) == 0 {
		return
	}
	if property.Description != "" {
		property.Description += ". "
	}
	property.Description += "Codes: " + strings.Join(addresses, ", ")
}
