package grant

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

const (
	// MaxBytes bounds a file: half a million units.
	MaxBytes = 16 << 20
	// maxFaults bounds what is told of a hostile file.
	maxFaults = 1000
)

// The columns of a file of grants, in any order. Those after unit may be missing or empty.
const (
	columnUnit   = "unit"
	columnRights = "rights"
	columnFrom   = "valid_from"
	columnTo     = "valid_to"
)

// Columns returns the names of the columns that a file may have.
func Columns() []string { return []string{columnUnit, columnRights, columnFrom, columnTo} }

// Row is what a line of a file grants. Days are of Viet Nam; both are included, and zero
// where the file says nothing.
type Row struct {
	Line     int
	Unit     string // as it is written
	Rights   []access.Right
	From, To seeds.Date
}

// Fault is what is wrong with a line. It repeats nothing of a cell, which may be
// somebody's number.
type Fault struct {
	Line   int
	Column string // "" for the line as a whole
	VI, EN string
}

// Read reads a whole file: CSV (RFC 4180) in UTF-8, with or without a byte order mark, the
// first line names the columns. usual are the rights where a line names none. Every fault
// is returned at once, up to a thousand; rows are those without one. The error is that of
// the reader.
func Read(from io.Reader, usual []access.Right) (rows []Row, faults []Fault, err error) {
	limited := &io.LimitedReader{R: from, N: MaxBytes + 1}
	buffered := bufio.NewReader(limited)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(3)
	}
	f := &file{csv: csv.NewReader(buffered), usual: usual, seen: map[string]int{}}
	f.csv.FieldsPerRecord = -1
	f.csv.ReuseRecord = true
	if err := f.read(); err != nil {
		return nil, nil, fmt.Errorf("read the grants: %w", err)
	}
	if limited.N == 0 {
		f.fault(0, "", "tệp lớn hơn 16 MiB; hãy chia nhỏ", "the file is larger than 16 MiB; split it")
	}
	return f.rows, f.faults, nil
}

// file is a file being read.
type file struct {
	csv    *csv.Reader
	usual  []access.Right
	header []string
	seen   map[string]int // line of each unit
	rows   []Row
	faults []Fault
}

func (f *file) fault(line int, column, vi, en string) {
	if len(f.faults) < maxFaults {
		f.faults = append(f.faults, Fault{line, column, vi, en})
	}
}

func (f *file) read() error {
	for len(f.faults) < maxFaults {
		cells, err := f.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			f.fault(wrong.Line, "", "dấu ngoặc kép đặt sai (RFC 4180)", "a quote is misplaced (RFC 4180)")
			continue
		}
		if err != nil {
			return err
		}
		line, _ := f.csv.FieldPos(0)
		if f.header != nil {
			f.row(line, cells)
			continue
		}
		if f.header = slices.Clone(cells); !f.headed(line) {
			return nil
		}
	}
	if f.header == nil {
		f.fault(1, "", "tệp trống", "the file is empty")
	}
	return nil
}

// headed checks the header; without a right one no line means anything.
func (f *file) headed(line int) bool {
	before := len(f.faults)
	for i, name := range f.header {
		switch {
		case !slices.Contains(Columns(), name):
			f.fault(line, strconv.Itoa(i+1), "không có cột tên như vậy", "there is no column of that name")
		case slices.Index(f.header, name) < i:
			f.fault(line, name, "cột lặp lại", "the column is there twice")
		}
	}
	if !slices.Contains(f.header, columnUnit) {
		f.fault(line, columnUnit, "thiếu cột", "the column is missing")
	}
	return len(f.faults) == before
}

func (f *file) row(line int, cells []string) {
	if len(cells) != len(f.header) {
		f.fault(line, "", fmt.Sprintf("có %d ô, dòng đầu có %d", len(cells), len(f.header)), fmt.Sprintf("%d cells, the first line has %d", len(cells), len(f.header)))
		return
	}
	before := len(f.faults)
	r := Row{Line: line, Rights: f.usual}
	for i, cell := range cells {
		f.cell(&r, f.header[i], strings.TrimSpace(cell))
	}
	if !r.From.IsZero() && !r.To.IsZero() && r.To.Before(r.From) {
		f.fault(line, columnTo, "trước valid_from", "before valid_from")
	}
	if earlier, twice := f.seen[r.Unit]; twice && r.Unit != "" {
		f.fault(line, columnUnit, fmt.Sprintf("đã có ở dòng %d", earlier), fmt.Sprintf("in line %d already", earlier))
	}
	f.seen[r.Unit] = line
	if len(f.faults) == before {
		f.rows = append(f.rows, r)
	}
}

func (f *file) cell(r *Row, column, text string) {
	if !utf8.ValidString(text) {
		f.fault(r.Line, column, "không phải UTF-8", "not UTF-8")
		return
	}
	switch column {
	case columnUnit:
		r.Unit = text
		// Only the form is looked at: the platform knows the pseudonyms.
		if _, ok := Unit(text, func(string, string) report.Pseudonym { return "" }); !ok {
			f.fault(r.Line, column, "không phải mã số thuế, hb: với mã giả danh, hoặc mã xã 5 chữ số", "no tax code, hb: with a pseudonym, or commune of 5 digits")
		}
	case columnRights:
		f.rights(r, text)
	case columnFrom:
		r.From = f.day(r.Line, column, text)
	case columnTo:
		r.To = f.day(r.Line, column, text)
	}
}

// rights reads "file; read".
func (f *file) rights(r *Row, text string) {
	if text == "" {
		return
	}
	r.Rights = nil
	for word := range strings.SplitSeq(text, ";") {
		right := access.Right(strings.TrimSpace(word))
		if right != access.RightFile && right != access.RightRead || slices.Contains(r.Rights, right) {
			f.fault(r.Line, columnRights, "phải là file, read hoặc file; read", "it must be file, read, or file; read")
			return
		}
		r.Rights = append(r.Rights, right)
	}
}

func (f *file) day(line int, column, text string) (day seeds.Date) {
	if text == "" {
		return day
	}
	if err := day.UnmarshalText([]byte(text)); err != nil {
		f.fault(line, column, "phải là ngày năm-tháng-ngày", "it must be a day as year-month-day")
	}
	return day
}
