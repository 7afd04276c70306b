package seeds

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// loader reads the tables of one file system and keeps every error, so that
// whoever edits a list sees all of its mistakes at once.
type loader struct {
	fsys fs.FS
	errs []error
}

func (l *loader) fail(file string, line int, format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf("%s:%d: %w", file, line, fmt.Errorf(format, args...)))
}

// row is one record of a table. Its readers note what is wrong and go on.
type row struct {
	loader  *loader
	file    string
	line    int
	columns []string
	cells   []string
}

// readTable reads data/<file> whose header must be exactly columns (separated
// by spaces). parse returns the row's key, unique in the file, and its value.
func readTable[T any](l *loader, file, columns string, parse func(*row) (key string, value T)) []T {
	raw, err := fs.ReadFile(l.fsys, "data/"+file)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("read seeds: %w", err))
		return nil
	}
	if !l.checkText(file, raw) {
		return nil
	}
	var values []T
	firstLine := map[string]int{}
	for _, r := range l.records(file, raw, strings.Fields(columns)) {
		key, value := parse(r)
		if earlier, repeated := firstLine[key]; repeated {
			r.fail("key %q repeats line %d", key, earlier)
			continue
		}
		firstLine[key] = r.line
		values = append(values, value)
	}
	return values
}

// checkText refuses bytes that are not UTF-8 in NFC: Vietnamese letters have
// two encodings, and a name in the wrong one is never found.
func (l *loader) checkText(file string, raw []byte) bool {
	ok := true
	for i, text := range bytes.Split(raw, []byte("\n")) {
		switch {
		case !utf8.Valid(text):
			l.fail(file, i+1, "not UTF-8")
		case !norm.NFC.IsNormal(text):
			l.fail(file, i+1, "not in Unicode normal form C")
		default:
			continue
		}
		ok = false
	}
	return ok
}

func (l *loader) records(file string, raw []byte, columns []string) []*row {
	reader := csv.NewReader(bytes.NewReader(raw))
	reader.FieldsPerRecord = len(columns)
	header, err := reader.Read()
	if err != nil {
		l.failParse(file, err)
		return nil
	}
	if !slices.Equal(header, columns) {
		l.fail(file, 1, "header is %q, want %q", header, columns)
		return nil
	}
	var rows []*row
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			l.failParse(file, err)
			return rows
		}
		line, _ := reader.FieldPos(0)
		rows = append(rows, &row{loader: l, file: file, line: line, columns: columns, cells: cells})
	}
	if len(rows) == 0 {
		l.fail(file, 1, "no rows")
	}
	return rows
}

func (l *loader) failParse(file string, err error) {
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		l.fail(file, parse.Line, "%w", parse.Err)
		return
	}
	l.fail(file, 1, "%w", err)
}

func (r *row) fail(format string, args ...any) {
	r.loader.fail(r.file, r.line, format, args...)
}

// optional returns a cell that may be empty.
func (r *row) optional(column string) string {
	i := slices.Index(r.columns, column)
	if i < 0 {
		r.fail("no column %q", column)
		return ""
	}
	cell := r.cells[i]
	if cell != strings.TrimSpace(cell) || strings.ContainsFunc(cell, unicode.IsControl) {
		r.fail("%s: space around the text or a control character in it: %q", column, cell)
	}
	return cell
}

// text returns a cell that must be filled.
func (r *row) text(column string) string {
	cell := r.optional(column)
	if cell == "" {
		r.fail("%s: empty", column)
	}
	return cell
}

// oneOf returns a cell that must be one of the given words.
func (r *row) oneOf(column string, words ...string) string {
	cell := r.optional(column)
	if !slices.Contains(words, cell) {
		r.fail("%s: %q is not one of %q", column, cell, words)
	}
	return cell
}

func (r *row) yes(column string) bool { return r.oneOf(column, "yes", "no") == "yes" }

// optionalDate returns the cell's date, no date when it is empty.
func (r *row) optionalDate(column string) Date {
	cell := r.optional(column)
	if cell == "" {
		return Date{}
	}
	d, err := ParseDate(cell)
	if err != nil {
		r.fail("%s: %q: %w", column, cell, err)
	}
	return d
}

// validity returns valid_from and valid_to, both inclusive and either open.
func (r *row) validity() (from, to Date) {
	from, to = r.optionalDate("valid_from"), r.optionalDate("valid_to")
	if !to.IsZero() && to.Before(from) {
		r.fail("valid_to %s is before valid_from %s", to, from)
	}
	return from, to
}

func (r *row) integer(column string) int64 {
	cell := r.optional(column)
	n, err := strconv.ParseInt(cell, 10, 64)
	if err != nil {
		r.fail("%s: %q is not a whole number", column, cell)
	}
	return n
}

func (r *row) status() Status {
	return Status(r.oneOf("status", string(StatusVerified), string(StatusSecondary),
		string(StatusDerived), string(StatusOwn), string(StatusUnverified)))
}
