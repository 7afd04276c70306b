package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"atvsld/api"
)

// letterPrinter writes letters for people, or as JSON for programs. Whatever comes out
// of a message is made harmless for a terminal first.
type letterPrinter struct {
	out  io.Writer
	json bool
}

// plain is text in which nothing steers a terminal: where something does not print,
// it is written as in a Go string.
func plain(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) {
		return text
	}
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}

func short(text string) string {
	const most = 60
	runes := []rune(plain(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

func (p *letterPrinter) inJSON(v any) error {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = p.out.Write(append(data, '\n'))
	return err
}

func (p *letterPrinter) list(list api.DeadLetterList) error {
	if p.json {
		return p.inJSON(list)
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATE\tCODE\tLOGGED\tREPORT\tDETAIL")
	for _, l := range list.DeadLetters {
		report := "-"
		if l.ReportID != nil {
			report = l.ReportID.String()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", plain(l.ID), plain(l.State), plain(l.Code), l.LoggedAt.Format(time.RFC3339), report, short(l.Detail))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	more := ""
	if list.Next != "" {
		more = "; there are more: --limit"
	}
	var counts []string
	for _, c := range list.Counts {
		counts = append(counts, fmt.Sprintf("%s %s %d", plain(c.Code), plain(c.State), c.Letters))
	}
	if len(counts) == 0 {
		counts = []string{"none"}
	}
	_, err := fmt.Fprintf(p.out, "%d shown%s; in all: %s\n", len(list.DeadLetters), more, strings.Join(counts, ", "))
	return err
}

func (p *letterPrinter) ids(list api.DeadLetterList) error {
	for _, l := range list.DeadLetters {
		if _, err := fmt.Fprintln(p.out, plain(l.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (p *letterPrinter) letter(l api.DeadLetterDetail) error {
	if p.json {
		return p.inJSON(l)
	}
	var text strings.Builder
	line := func(name, value string) { fmt.Fprintf(&text, "%-10s %s\n", name, value) }
	line("id", plain(l.ID))
	line("state", plain(l.State))
	line("code", plain(l.Code))
	line("detail", plain(l.Detail))
	line("logged", l.LoggedAt.Format(time.RFC3339Nano))
	line("stored", l.StoredAt.Format(time.RFC3339Nano))
	line("key", bytesLine(l.Key))
	for _, h := range l.Headers {
		line("header", plain(h.Name)+": "+bytesLine(h.Value))
	}
	for _, a := range l.Acts {
		act := fmt.Sprintf("%s %s by %s (token of %s): %s", a.At.Format(time.RFC3339), plain(a.Act), plain(a.By), plain(a.Principal), plain(a.Reason))
		if a.ReplayedAs != "" {
			act += " -> " + plain(a.ReplayedAs)
		}
		line("act", act)
	}
	fmt.Fprintf(&text, "value      %d bytes\n%s\n", l.Value.Size, value(l.Value))
	_, err := io.WriteString(p.out, text.String())
	return err
}

func bytesLine(m api.MessageBytes) string {
	if m.Text != nil {
		return plain(*m.Text)
	}
	return plain(string(m.Base64))
}

// value is text, line by line, or else a table of bytes.
func value(m api.MessageBytes) string {
	if m.Text == nil {
		return strings.TrimSuffix(hex.Dump(m.Base64), "\n")
	}
	lines := strings.Split(*m.Text, "\n")
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	return strings.Join(lines, "\n")
}

func (p *letterPrinter) result(r api.DeadLetterResult) error {
	if p.json {
		return p.inJSON(r)
	}
	as := ""
	if r.Act.ReplayedAs != "" {
		as = " as " + plain(r.Act.ReplayedAs)
	}
	_, err := fmt.Fprintf(p.out, "%s %s%s\n", plain(r.ID), plain(r.State), as)
	return err
}
