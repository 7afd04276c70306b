package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"atvsld/api/web"
)

// routeDocs serves the OpenAPI document and a page made of it, without a script and
// without a foreign host. Both are made once.
func (s *Server) routeDocs() error {
	doc := s.api.OpenAPI()
	// huma's types implement the marshaller of encoding/json.
	inJSON, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	inYAML, err := doc.YAML()
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	inbox, err := marshal(asyncAPI(codeListAddresses(s.Seeds)))
	if err != nil {
		return fmt.Errorf("write the AsyncAPI document: %w", err)
	}
	page, err := s.pages.Docs(s.docsOf(doc))
	if err != nil {
		return fmt.Errorf("write the documentation page: %w", err)
	}
	s.engine.GET("/openapi.json", fixed("application/vnd.oai.openapi+json;version=3.1", inJSON))
	s.engine.GET("/openapi.yaml", fixed("application/vnd.oai.openapi;version=3.1", inYAML))
	s.engine.GET("/asyncapi.json", fixed(asyncAPIType, inbox))
	s.engine.GET("/docs", fixed(htmlType, page))
	return nil
}

const htmlType = "text/html; charset=utf-8"

func fixed(mediaType string, body []byte) gin.HandlerFunc {
	return func(c *gin.Context) { c.Data(http.StatusOK, mediaType, body) }
}

func (s *Server) docsOf(doc *huma.OpenAPI) web.Docs {
	page := web.Docs{Title: doc.Info.Title, Version: doc.Info.Version, Demonstration: s.Demonstration}
	for _, tag := range doc.Tags {
		group := web.DocsGroup{Name: tag.Description}
		for _, address := range sortedKeys(doc.Paths) {
			for _, op := range operationsOf(doc.Paths[address]) {
				if slices.Contains(op.Tags, tag.Name) {
					group.Operations = append(group.Operations, docsOperation(op))
				}
			}
		}
		page.Groups = append(page.Groups, group)
	}
	for _, k := range allProblems() {
		page.Problems = append(page.Problems, web.DocsProblem{Slug: k.slug, Status: k.status, VI: k.titleVI, EN: k.title})
	}
	schemas := doc.Components.Schemas.Map()
	for _, name := range sortedKeys(schemas) {
		page.Schemas = append(page.Schemas, docsSchema(name, schemas[name]))
	}
	return page
}

func docsOperation(op *huma.Operation) web.DocsOperation {
	out := web.DocsOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description}
	out.NeedsToken = len(op.Security) == 1
	for _, p := range op.Parameters {
		out.Parameters = append(out.Parameters, web.DocsField{Name: p.Name, Where: p.In, Type: docsType(p.Schema), Required: p.Required, Text: p.Description})
	}
	if op.RequestBody != nil {
		for _, mediaType := range sortedKeys(op.RequestBody.Content) {
			out.Bodies = append(out.Bodies, web.DocsBody{Status: "", MediaType: mediaType, Type: docsType(op.RequestBody.Content[mediaType].Schema)})
		}
	}
	for _, status := range sortedKeys(op.Responses) {
		response := op.Responses[status]
		for _, mediaType := range sortedKeys(response.Content) {
			out.Answers = append(out.Answers, web.DocsBody{
				Status: status, MediaType: mediaType, Type: docsType(response.Content[mediaType].Schema), Text: response.Description,
			})
		}
	}
	return out
}

func docsSchema(name string, s *huma.Schema) web.DocsSchema {
	out := web.DocsSchema{Name: name, Title: s.Title, Text: s.Description}
	for _, option := range s.OneOf {
		out.Options = append(out.Options, docsType(option))
	}
	for _, property := range sortedKeys(s.Properties) {
		p := s.Properties[property]
		out.Fields = append(out.Fields, web.DocsField{Name: property, Type: docsType(p), Required: slices.Contains(s.Required, property), Text: p.Description})
	}
	return out
}

// docsType says in a line what a schema is; references become links.
func docsType(s *huma.Schema) web.DocsType {
	if s == nil {
		return web.DocsType{}
	}
	if s.Ref != "" {
		return web.DocsType{Link: strings.TrimPrefix(s.Ref, schemaPrefix)}
	}
	if options := slices.Concat(s.AnyOf, s.OneOf); len(options) > 0 {
		out := docsType(options[0])
		for _, option := range options[1:] {
			if option.Type == "null" {
				out.Suffix += " | null"
			}
		}
		return out
	}
	if s.Type == huma.TypeArray {
		out := docsType(s.Items)
		out.Prefix = "[] " + out.Prefix
		return out
	}
	out := web.DocsType{Text: s.Type}
	if s.Format != "" {
		out.Text += " (" + s.Format + ")"
	}
	if s.Nullable {
		out.Suffix = " | null"
	}
	for _, value := range s.Enum {
		out.Values = append(out.Values, fmt.Sprint(value))
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
