package audit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxLine bounds a line of an export, in bytes.
const MaxLine = 8 << 20

// end is the last line of an export: without it the export was cut off.
type end struct {
	End     bool   `json:"end"`
	Chains  uint64 `json:"chains"`
	Entries uint64 `json:"entries"`
}

// Exporter writes an export: one entry a line, chain by chain, each in order, and a last line
// that counts them.
type Exporter struct {
	to  io.Writer
	sum end
}

// NewExporter begins an export.
func NewExporter(to io.Writer) *Exporter { return &Exporter{to: to, sum: end{End: true}} }

// Write writes the next entry.
func (x *Exporter) Write(s *Signed) error {
	line, err := writeLine(s)
	if err != nil {
		return err
	}
	if s.Entry.Number == 1 {
		x.sum.Chains++
	}
	x.sum.Entries++
	_, err = x.to.Write(line)
	return err
}

// Close writes the last line.
func (x *Exporter) Close() error {
	line, err := writeLine(&x.sum)
	if err == nil {
		_, err = x.to.Write(line)
	}
	return err
}

// writeLine writes RFC 8785 and a line feed, so that there is one way only to write an entry.
func writeLine(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write a line of the audit log: %w", err)
	}
	value := jsontext.Value(data)
	if err := value.Canonicalize(); err != nil {
		return nil, fmt.Errorf("write a line of the audit log: %w", err)
	}
	return append(value, '\n'), nil
}

var errForm = errors.New("it is not written as an export is: it was changed")

// readLine reads a line with its line feed, strictly: what is written otherwise than
// [writeLine] would is refused.
func readLine(line []byte, into any) error {
	if err := json.Unmarshal(line, into, json.RejectUnknownMembers(true)); err != nil {
		return errForm // the decoder's error may repeat the text
	}
	again, err := writeLine(into)
	if err != nil || !bytes.Equal(again, line) {
		return errForm
	}
	return nil
}

// ReadExport reads an export and gives every entry to the verifier. What is wrong with a line
// is a problem of the verifier's; the error says that the export cannot be read further.
func (v *Verifier) ReadExport(from io.Reader) error {
	lines := bufio.NewReaderSize(from, 64<<10)
	var counted end
	for number := 1; ; number++ {
		line, err := readUntil(lines, '\n', MaxLine)
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil {
			v.wrong(Place{Line: number}, "it is cut off")
			return fmt.Errorf("read line %d of the export: %w", number, err)
		}
		if counted.End {
			v.wrong(Place{Line: number}, "it stands behind the end of the export")
		}
		if bytes.HasPrefix(line, []byte(`{"chains":`)) {
			if err := readLine(line, &counted); err != nil || !counted.End {
				v.wrong(Place{Line: number}, errForm.Error())
			}
			continue
		}
		v.line(number, line)
	}
	v.ended(counted)
	return nil
}

func (v *Verifier) line(number int, line []byte) {
	var s Signed
	if err := readLine(line, &s); err != nil {
		v.read++
		v.wrong(Place{Line: number}, err.Error())
		return
	}
	v.add(&s, number)
}

func (v *Verifier) ended(counted end) {
	switch {
	case !counted.End:
		v.wrong(Place{}, "the export has no end: it was cut off")
	case counted.Entries != v.read || counted.Chains != uint64(len(v.chains)):
		v.wrong(Place{}, fmt.Sprintf("the export says that it has %d entries in %d chains, but has %d in %d", counted.Entries, counted.Chains, v.read, len(v.chains)))
	}
}

// readUntil reads a line of at most most bytes with its end.
func readUntil(from *bufio.Reader, stop byte, most int) ([]byte, error) {
	var line []byte
	for {
		piece, err := from.ReadSlice(stop)
		line = append(line, piece...)
		if len(line) > most {
			return line, errors.New("it is too long")
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}
