package api

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/ingest/forward"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
)

// asyncAPIVersion is the version of the contract with integrators: it moves when the
// contract does, not with every build.
const asyncAPIVersion = "1.0.0"

const asyncAPIType = "application/vnd.aai.asyncapi+json;version=3.0.0"

// object is a piece of the AsyncAPI document that has no Go type of its own.
type object map[string]any

// asyncAPI describes the integrators' door (AsyncAPI 3.0), from the types that the
// forwarder reads and writes. The application that it describes is the platform: it
// receives submissions and sends outcomes.
func asyncAPI(codeLists map[string]string) object {
	registry := huma.NewMapRegistry(schemaPrefix, nameSchema)
	submission := openSubmission(registry)
	outcome := registry.Schema(typeOf[forward.Outcome](), true, "")
	correctSchemas(registry, codeLists)
	closeToPersonal(registry)
	return object{
		"asyncapi": "3.0.0",
		"info": object{
			"title": "atvsld: hộp thư của đơn vị tích hợp / the integrators' door", "version": asyncAPIVersion,
			"description": "Nộp báo cáo qua Kafka. / Filing reports through Kafka: docs/INTEGRATORS.md explains how.",
			"license":     object{"name": "Apache-2.0"},
		},
		"defaultContentType": jsonType,
		"channels": object{
			"inbox":   channel(forward.InboxTopic("{integrator}"), "submission", "Đơn vị tích hợp ghi vào đây. / Where an integrator puts its submissions."),
			"outcome": channel(forward.OutcomeTopic("{integrator}"), "outcome", "Kết quả của từng thông điệp. / An outcome for each message."),
		},
		"operations": object{
			"fileSubmission": object{
				"action": "receive", "channel": reference("channels", "inbox"),
				"summary": "Nhận một lần nộp / Take one submission",
				"reply":   object{"channel": reference("channels", "outcome")},
			},
			"tellOutcome": object{
				"action": "send", "channel": reference("channels", "outcome"),
				"summary": "Trả lời, ít nhất một lần; bản lặp lại có cùng ce_id / Answer, at least once; a repetition has the same ce_id",
			},
		},
		"components": object{
			"messages": object{
				"submission": asyncMessage("Submission", submission, submissionHeaders()),
				"outcome":    asyncMessage("Outcome", outcome, outcomeHeaders()),
			},
			"schemas": registry.Map(),
		},
	}
}

func reference(path ...string) object { return object{"$ref": "#/" + strings.Join(path, "/")} }

func channel(address, message, description string) object {
	return object{
		"address": address, "description": description,
		"parameters": object{"integrator": object{"description": "Mã của đơn vị tích hợp. / The integrator's id."}},
		"messages":   object{message: reference("components", "messages", message)},
		"bindings":   object{"kafka": object{"bindingVersion": "0.5.0"}},
	}
}

func asyncMessage(name string, payload *huma.Schema, headers *huma.Schema) object {
	return object{
		"name": name, "contentType": jsonType, "headers": headers, "payload": payload,
		"correlationId": object{"location": "$message.header#/ce_id"},
		"bindings":      object{"kafka": object{"key": keySchema(), "bindingVersion": "0.5.0"}},
	}
}

func keySchema() *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Format: "uuid",
		Description: "Sự kiện: report_id; báo cáo định kỳ: một UUID cố định cho báo cáo đó. Phân vùng theo murmur2. / " +
			"Event: its report_id; periodic report: a UUID that is kept for it. Partitioned by murmur2.",
	}
}

func submissionHeaders() *huma.Schema {
	most := 200
	name := func(text string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Pattern: "^[!-~]+$", MaxLength: &most, Description: text}
	}
	return headersOf(map[string]*huma.Schema{
		"ce_specversion": constant("1.0"),
		"ce_type":        constant(forward.SubmissionType),
		"ce_id":          name("Cùng với ce_source là tên của yêu cầu. / With ce_source the name of the request, as an Idempotency-Key: the same again gives the same tracking number, other content is refused"),
		"ce_source":      name("Hệ thống gửi. / The sending system, a URI reference"),
		"content-type":   {Type: huma.TypeString, Pattern: "^application/json", Description: "application/cloudevents+json with the attributes in the value is taken as well"},
	})
}

func outcomeHeaders() *huma.Schema {
	text := func(description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Description: description}
	}
	var states []any
	for _, state := range forward.States() {
		states = append(states, string(state))
	}
	schema := headersOf(map[string]*huma.Schema{
		"ce_specversion":    constant("1.0"),
		"ce_type":           constant(forward.OutcomeType),
		"ce_id":             {Type: huma.TypeString, Format: "uuid", Description: "The same for every answer to a message"},
		"ce_source":         text("The forwarder"),
		"ce_time":           {Type: huma.TypeString, Format: "date-time"},
		"content-type":      constant(jsonType),
		"ce_state":          {Type: huma.TypeString, Enum: states},
		"ce_subject":        {Type: huma.TypeString, Format: "uuid", Description: "The key of the cause"},
		"ce_causeid":        text("ce_id of the message that is answered"),
		"ce_causesource":    text("Its ce_source"),
		"ce_causepartition": text("Its partition in the inbox"),
		"ce_causeoffset":    text("Its offset"),
	})
	// Not known of a message that is not in the form of the contract.
	schema.Required = slices.DeleteFunc(schema.Required, func(name string) bool {
		return name == "ce_subject" || name == "ce_causeid" || name == "ce_causesource"
	})
	return schema
}

func headersOf(properties map[string]*huma.Schema) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Properties: properties, Required: sortedKeys(properties)}
}

func constant(value string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{value}}
}

// openSubmission is the schema of a submission without what is personal, and with the
// letter that holds it.
func openSubmission(registry huma.Registry) *huma.Schema {
	most := seal.MaxLetter
	var kinds []*huma.Schema
	for _, d := range report.Definitions() {
		schema := kindSchema(registry, d)
		// Free text is personal, and back-dating is for the demonstration loader.
		delete(schema.Properties, "reason")
		delete(schema.Properties, "received_at")
		schema.Properties["private"] = &huma.Schema{
			Type: huma.TypeString, Pattern: `^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){4}$`, MaxLength: &most,
			Description: "JWE dạng gọn (ECDH-ES+A256KW, A256GCM) của mọi giá trị cá nhân. / Compact JWE (ECDH-ES+A256KW, A256GCM) of every personal value, " +
				"to a key of /v1/inbox/keys. It holds a JSON object from JSON Pointer to text, as in {\"/content/victims/0/name\": \"…\"}. " +
				"Its protected header: typ atvsld-private+jwe, kid, and topic, ce_id and key of this message",
		}
		if d.Event {
			schema.Required = append(schema.Required, "report_id")
			schema.Properties["report_id"].Description = "UUIDv7 do người nộp chọn; cũng là khóa Kafka. / UUIDv7 chosen by the filer; the Kafka key, too"
		}
		name := submissionName(d.Kind)
		registry.Map()[name] = schema
		kinds = append(kinds, &huma.Schema{Ref: schemaPrefix + name})
	}
	return &huma.Schema{OneOf: kinds}
}

// closeToPersonal takes the personal members out of the schemas.
func closeToPersonal(registry huma.Registry) {
	for name, schema := range registry.Map() {
		t := registry.TypeFromRef(schemaPrefix + name)
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for _, field := range reflect.VisibleFields(t) {
			member, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			property := schema.Properties[member]
			if property == nil {
				continue
			}
			switch field.Type {
			case reflect.TypeFor[report.Private]():
				delete(schema.Properties, member)
				schema.Required = slices.DeleteFunc(schema.Required, func(r string) bool { return r == member })
			case reflect.TypeFor[report.TaxCode]():
				property.Description = "Mã số 12 chữ số của hộ kinh doanh là dữ liệu cá nhân: đưa vào private. / A household's 12-digit number is personal: put it into private"
				schema.Required = slices.DeleteFunc(schema.Required, func(r string) bool { return r == member })
			case reflect.TypeFor[[]report.TaxCode]():
				property.Items = &huma.Schema{AnyOf: []*huma.Schema{property.Items, {Type: "null"}}}
				property.Description = "null cho mã của hộ kinh doanh trong private. / null in the place of a household's number, which is in private"
			}
		}
	}
}
