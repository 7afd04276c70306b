package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/klauspost/compress/flate"
)

// What is sealed of a report is its whole document, because what Strip takes out is not
// enough to write it again: a filer may say false or 0 where the form says nothing, and
// the digest of his receipt is over what he wrote. The open content is stored beside it,
// so the document is deflated (RFC 1951) with that content as its dictionary, and what
// is left is little more than the private texts.
//
// Sealed texts of the time before this are JSON objects, as Strip returns them, and
// start with "{".
const packedV1 = 0x01

// maxPacked keeps a message of the log within its limit whatever a filer writes: a
// document that hardly packs is sealed as Strip returns it.
const maxPacked = 224 << 10

// Pack returns what is to be sealed of a document: the document itself, packed with the
// stripped content that is stored beside it (nil for a withdrawal). private is what
// [Submission.Strip] returned of it.
func Pack(document, content, private []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(document)/2 + 64)
	out.WriteByte(packedV1)
	// Stateless: a compressor with a memory of its own costs more to start than a report
	// of a kilobyte costs to pack. It knows the last 8 KiB of the dictionary.
	if err := flate.StatelessDeflate(&out, document, true, content); err != nil || out.Len() > maxPacked {
		return private
	}
	return out.Bytes()
}

func unpack(packed, content []byte) ([]byte, error) {
	r := flate.NewReaderDict(bytes.NewReader(packed), content)
	document, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		// The decoder's error holds an offset and nothing of the text.
		return nil, fmt.Errorf("unpack a document: %w", err)
	}
	if len(document) > MaxBytes {
		return nil, ErrTooLarge
	}
	return document, nil
}

// Stored is what the log has of one revision, with the sealed part opened.
type Stored struct {
	Kind      Kind
	ReportID  uuid.UUID
	Revision  uint32
	Withdrawn bool
	// Mark is what the log has for the digest of the submission, and MarkOf makes it of one
	// (seal.Keys.Mark). Without them nothing is Exact.
	Mark   [32]byte
	MarkOf func(sha [32]byte) [32]byte
	// Content is the stripped content, nil of a withdrawal.
	Content []byte
	// Opened is the sealed part in clear; nil where it could not be opened.
	Opened []byte
}

// ReadBack is a submission as it was filed, as far as it can still be known.
type ReadBack struct {
	// Document is the submission: byte for byte as it was filed when Exact, otherwise
	// written anew from what is stored.
	Document jsontext.Value
	// Exact: the document has the digest of its receipt, which is SHA256.
	Exact  bool
	SHA256 [32]byte
	// Personal: the personal texts are in the document.
	Personal bool
}

// Read gives a stored revision back. Without its sealed part the personal texts and a
// household's tax code are absent from the document, and so is what the platform added.
func (s Stored) Read() (ReadBack, error) {
	if len(s.Opened) > 0 && s.Opened[0] == packedV1 {
		document, err := unpack(s.Opened[1:], s.Content)
		if err != nil {
			return ReadBack{}, err
		}
		return s.judge(ReadBack{Document: document, Personal: true}), nil
	}
	private, err := takenTexts(s.Opened)
	if err != nil {
		return ReadBack{}, err
	}
	document, err := s.write(private, nil)
	if err != nil {
		return ReadBack{}, err
	}
	return s.judge(ReadBack{Document: document, Personal: s.Opened != nil}), nil
}

func (s Stored) judge(r ReadBack) ReadBack {
	digest, err := SHA256(r.Document)
	if err != nil || s.MarkOf == nil || s.MarkOf(digest) != s.Mark {
		return r
	}
	r.SHA256, r.Exact = digest, true
	return r
}

// write puts a document together from the stripped content and the texts taken out of it;
// without are the places that are left out of it.
func (s Stored) write(private map[string]string, without map[string]bool) ([]byte, error) {
	definition, known := Lookup(s.Kind)
	if !known {
		return nil, fmt.Errorf("read back: unknown kind %.40q", string(s.Kind))
	}
	out := fmt.Appendf(nil, `{"kind":%q,"report_id":%q,"revision":%d`, s.Kind, s.ReportID, s.Revision)
	if s.Withdrawn {
		out = append(out, `,"withdrawn":true`...)
	}
	if reason, ok := private["/reason"]; ok {
		quoted, err := jsontext.AppendQuote(append(out, `,"reason":`...), reason)
		if err != nil {
			return nil, errors.New("read back: the reason is not text")
		}
		out = quoted
	}
	var err error
	if out, err = appendPaper(out, private); err != nil {
		return nil, err
	}
	if len(s.Content) > 0 {
		a := assembler{stored: true, without: without, content: definition.form, left: private, out: append(out, `,"content":`...)}
		a.value(definition.form, jsontext.NewDecoder(bytes.NewReader(s.Content)), "/content")
		if a.err != nil {
			return nil, fmt.Errorf("read back: %w", ErrNotJSON)
		}
		out = a.out
	}
	return append(out, '}'), nil
}

// appendPaper writes what is known of a paper; its day is in the log beside the document.
func appendPaper(out []byte, private map[string]string) ([]byte, error) {
	separator := `,"paper":{`
	for _, m := range paperForm.members {
		text, ok := private["/paper/"+m.name]
		if !ok {
			continue
		}
		var err error
		if out, err = jsontext.AppendQuote(fmt.Appendf(out, `%s%q:`, separator, m.name), text); err != nil {
			return nil, errors.New("read back: what is said of the paper is not text")
		}
		separator = ","
	}
	if separator == "," {
		out = append(out, '}')
	}
	return out, nil
}
