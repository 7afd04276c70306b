package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/api/web"
	"atvsld/seeds"
)

// routeDocs serves the OpenAPI document and a page made of it, without a script and
// without a foreign host.
func (s *Server) routeDocs() {
	doc := s.api.OpenAPI()
	// huma's types implement the marshaller of encoding/json.
	s.engine.GET("/openapi.json", s.document("application/vnd.oai.openapi+json;version=3.1", func() ([]byte, error) { return json.Marshal(doc) }).serve)
	s.engine.GET("/openapi.yaml", s.document("application/vnd.oai.openapi;version=3.1", doc.YAML).serve)
	s.engine.GET("/asyncapi.json", s.document(asyncAPIType, func() ([]byte, error) { return marshal(asyncAPI(codeListAddresses(s.Seeds))) }).serve)
	s.engine.GET("/docs", s.document(htmlType, func() ([]byte, error) { return s.pages.Docs(s.docsOf(doc)) }).serve)
}

// Description is the OpenAPI document of the interface, as GET /openapi.json answers it.
func Description(data *seeds.Data, version string) ([]byte, error) {
	s, err := New(Deps{Seeds: data, Version: version, Registry: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)}, Default())
	if err != nil {
		return nil, err
	}
	return json.Marshal(s.api.OpenAPI())
}

const htmlType = "text/html; charset=utf-8"

// ownDocument is written when it is first asked for, and once: to write all of them takes nine
// tenths of setting up the routes.
type ownDocument struct {
	server    *Server
	mediaType string
	written   func() ([]byte, error)
}

func (s *Server) document(mediaType string, write func() ([]byte, error)) *ownDocument {
	return &ownDocument{s, mediaType, sync.OnceValues(write)}
}

func (d *ownDocument) serve(c *gin.Context) {
	body, err := d.written()
	if err != nil {
		d.server.Log.Error("a document cannot be written", "path", c.Request.URL.Path, "error", err)
		d.server.refuse(c, problemFailed.new(ruleFault.finding()))
		return
	}
	c.Data(http.StatusOK, d.mediaType, body)
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
