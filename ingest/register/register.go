// Package register reads the register of expected reporters from a CSV file (RFC 4180,
// UTF-8 with or without a byte order mark) into submissions, which are filed like any
// other. It looks at the shape of the file only: what the values must be the platform
// says, with pointers that [Column] turns back into columns.
//
// The first line names the columns, in any order. Lists stand in one cell, their elements
// separated by semicolons; a span of days is written first..last, and first.. while it
// lasts:
//
//	head_office   63:02 2017-03-01..2025-08-31; 34:01 2025-09-01..
//	sites         1 63:24 2019-01-01..
//	hazard        2017-03-01..
//	covered       0100109106 2020-01-01..
//	workers       2024=120; 2025=131
//	services      training; monitoring
//	industry      2018:F4100
package register

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

	"github.com/go-json-experiment/json"

	"atvsld/ingest/report"
)

const (
	// MaxBytes bounds a file; a larger register comes in several.
	MaxBytes = 32 << 20
	// maxFaults bounds what is told of a hostile file.
	maxFaults = 1000
)

// columns are those a file may have; required ones must be there.
var (
	columns = []string{
		"type", "tax_code", "site", "commune_code", "commune_valid_from", "authority", "governs", "name", "address", "phone",
		"establishment_type", "active_from", "active_to", "head_office", "sites", "industry", "size_class", "hazard", "strict_jobs",
		"services", "workers", "covered", "revision", "reason",
	}
	required = []string{"type", "name", "active_from", "head_office"}
)

// Columns returns the names of the columns that a file may have.
func Columns() []string { return slices.Clone(columns) }

// Keeper is the authority that keeps the register and files it.
type Keeper struct {
	Authority string // labour or health
	List      string // of provinces
	Province  string // code
	Name      string
}

// Row is one entry, ready to be filed.
type Row struct {
	Line     int
	Document []byte
}

// Fault is what is wrong with the shape of the file. It repeats nothing of a cell, which
// may be somebody's number.
type Fault struct {
	Line   int
	Column string // "" for the line as a whole
	VI, EN string
}

// Read reads the whole file. Every fault is returned at once, up to a thousand; rows are
// those without one. The error is that of the reader.
func Read(from io.Reader, keeper Keeper) (rows []Row, faults []Fault, err error) {
	limited := &io.LimitedReader{R: from, N: MaxBytes + 1}
	buffered := bufio.NewReader(limited)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(3)
	}
	f := &file{csv: csv.NewReader(buffered), keeper: keeper, seen: map[string]int{}}
	f.csv.FieldsPerRecord = -1
	f.csv.ReuseRecord = true
	if err := f.read(); err != nil {
		return nil, nil, fmt.Errorf("read the register: %w", err)
	}
	if limited.N == 0 {
		f.fault(0, "", "tệp lớn hơn 32 MiB; hãy chia nhỏ", "the file is larger than 32 MiB; split it")
	}
	return f.rows, f.faults, nil
}

// file is a register being read.
type file struct {
	csv    *csv.Reader
	keeper Keeper
	header []string
	seen   map[string]int // line of each unit and revision
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
		if f.header == nil {
			if f.header = slices.Clone(cells); !f.headed(line) {
				return nil
			}
			continue
		}
		f.row(line, cells)
	}
	if f.header == nil {
		f.fault(1, "", "tệp trống", "the file is empty")
	}
	return nil
}

// headed checks the header; without a right one no row means anything.
func (f *file) headed(line int) bool {
	before := len(f.faults)
	for i, name := range f.header {
		switch {
		case !slices.Contains(columns, name):
			f.fault(line, strconv.Itoa(i+1), "không có cột tên như vậy", "there is no column of that name")
		case slices.Index(f.header, name) < i:
			f.fault(line, name, "cột lặp lại", "the column is there twice")
		}
	}
	for _, name := range required {
		if !slices.Contains(f.header, name) {
			f.fault(line, name, "thiếu cột", "the column is missing")
		}
	}
	return len(f.faults) == before
}

func (f *file) row(line int, cells []string) {
	if len(cells) != len(f.header) {
		f.fault(line, "", fmt.Sprintf("có %d ô, dòng đầu có %d", len(cells), len(f.header)), fmt.Sprintf("%d cells, the first line has %d", len(cells), len(f.header)))
		return
	}
	before := len(f.faults)
	r := &row{file: f, line: line, cells: map[string]string{}}
	for i, cell := range cells {
		if !utf8.ValidString(cell) {
			f.fault(line, f.header[i], "không phải UTF-8", "not UTF-8")
		}
		r.cells[f.header[i]] = strings.TrimSpace(cell)
	}
	document := r.document()
	if len(f.faults) > before {
		return
	}
	if earlier, twice := f.seen[r.key()]; twice {
		f.fault(line, "", fmt.Sprintf("đơn vị đã có ở dòng %d", earlier), fmt.Sprintf("the unit is in line %d already", earlier))
		return
	}
	f.seen[r.key()] = line
	data, err := json.Marshal(document, json.Deterministic(true))
	if err != nil || len(data) > report.MaxBytes {
		f.fault(line, "", "dòng quá dài", "the row is too long")
		return
	}
	f.rows = append(f.rows, Row{line, data})
}

// Column returns the column that a pointer of a finding is about, "" if there is none.
func Column(pointer string) string {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	switch {
	case len(parts) == 1:
		return parts[0]
	case len(parts) > 2 && parts[0] == "content" && (parts[1] == "active" || parts[1] == "registered" && parts[2] == "commune" && len(parts) > 3):
		return strings.Join(parts[len(parts)-2:], "_")
	case len(parts) > 2 && parts[1] == "registered":
		if parts[2] == "commune" {
			return "commune_code"
		}
		return parts[2]
	case parts[1] == "reporter" || parts[1] == "registered":
		return ""
	}
	return parts[1]
}
