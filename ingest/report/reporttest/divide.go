package reporttest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"atvsld/ingest/report"
)

// Divide takes a valid submission apart as an integrator does: into the document
// without anything personal and the private texts by pointer. A personal element of a
// list leaves null. [report.Assemble] undoes it.
func Divide(document []byte) (open []byte, private map[string]string) {
	assembled, err := report.Assemble(document, nil)
	if err != nil {
		panic(fmt.Sprintf("reporttest: %v", err))
	}
	private = make(map[string]string)
	open = document
	for _, pointer := range assembled.Exposed {
		private[pointer] = textAt(document, strings.Split(pointer, "/")[1:])
		if _, err := strconv.Atoi(pointer[strings.LastIndexByte(pointer, '/')+1:]); err == nil {
			open = Set(open, pointer, "null")
		} else {
			open = Remove(open, pointer)
		}
	}
	return open, private
}

func textAt(document jsontext.Value, path []string) (text string) {
	for _, name := range path {
		all := parts(document)
		if document.Kind() == '[' {
			i, _ := strconv.Atoi(name)
			document = all[i]
			continue
		}
		for i := 0; i < len(all); i += 2 {
			if string(all[i]) == strconv.Quote(name) {
				document = all[i+1]
			}
		}
	}
	if err := json.Unmarshal(document, &text); err != nil {
		panic(fmt.Sprintf("reporttest: %v", err))
	}
	return text
}
