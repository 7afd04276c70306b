package engine

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// transcoder brings Native blocks from revision 0, which the library writes, to
// the revision that the client reads: block info in front, and a byte for custom
// serialisation in every column. It uses the driver's own codec, so a type that
// it cannot read could not be read by the driver either.
type transcoder struct {
	revision uint64
	context  *column.ServerContext
	buffer   chproto.Buffer
}

func newTranscoder(revision uint64, timezone string) *transcoder {
	location, err := time.LoadLocation(timezone)
	if err != nil {
		location = time.UTC // only text is affected, and none is made here
	}
	return &transcoder{revision: revision, context: &column.ServerContext{Revision: 0, Timezone: location}}
}

// transcode takes whole blocks. The result is valid until the next call.
func (t *transcoder) transcode(data []byte) ([]byte, error) {
	t.buffer.Reset()
	source := bytes.NewReader(data)
	reader := chproto.NewReader(source)
	for {
		block := proto.Block{ServerContext: t.context}
		err := block.Decode(reader, 0)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && source.Len() == 0 && len(block.Columns) == 0 {
			return t.buffer.Buf, nil
		}
		if err != nil {
			return nil, newExceptionf(codeNotImplemented, "The driver's codec cannot read the answer: %v", err)
		}
		if err := t.encode(&block); err != nil {
			return nil, newExceptionf(codeNotImplemented, "The driver's codec cannot write the answer: %v", err)
		}
	}
}

func (t *transcoder) encode(block *proto.Block) error {
	if err := block.EncodeHeader(&t.buffer, t.revision); err != nil {
		return err
	}
	rows := block.Rows()
	for i, col := range block.Columns {
		switch {
		case rows == 0:
			// The codec would write the prefix of LowCardinality, which no reader
			// expects in a block without rows.
			t.encodeColumnHeader(col)
		case col.Type() == "Nullable(Nothing)":
			t.encodeColumnHeader(col)
			t.encodeNothing(rows)
		default:
			if err := block.EncodeColumn(&t.buffer, t.revision, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *transcoder) encodeColumnHeader(col column.Interface) {
	t.buffer.PutString(col.Name())
	t.buffer.PutString(string(col.Type()))
	if t.revision >= proto.DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION {
		t.buffer.PutBool(false)
	}
}

// encodeNothing writes the column of a bare NULL, for which the codec writes no
// values: a mark for NULL and a character '0' per row.
func (t *transcoder) encodeNothing(rows int) {
	t.buffer.PutRaw([]byte(strings.Repeat("\x01", rows)))
	t.buffer.PutRaw([]byte(strings.Repeat("0", rows)))
}
