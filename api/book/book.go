// Package book writes the rule book and the data dictionary, which stand in docs and are
// made of what the interface serves.
package book

import (
	"fmt"
	"strings"

	"atvsld/api"
	"atvsld/seeds"
)

// Files returns the documents by their path below docs. They are the same for the same
// program.
func Files() map[string]string {
	return map[string]string{
		"ACCESS.md":          Access(api.AccessPolicy()),
		"RULES.md":           Rules(api.Rules()),
		"DATA-DICTIONARY.md": Dictionary(api.DataDictionary(seeds.Default())),
	}
}

// page collects lines of Markdown.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.Builder, format, args...)
	p.WriteByte('\n')
}

// inTable keeps a text within its cell of a table.
var inTable = strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")

// status in words.
var statuses = map[string]string{
	"V": "đã kiểm chứng / verified", "S": "nguồn thứ cấp / secondary source", "UNVERIFIED": "**chưa kiểm chứng / unverified**",
}
