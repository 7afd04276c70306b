package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
)

// FuzzDecodeContent: what a stored payload holds is read whole or refused, and what is
// read is written the same again.
func FuzzDecodeContent(f *testing.F) {
	for _, seed := range seedDocuments() {
		s, form, err := Decode([]byte(seed))
		if err != nil || len(form) > 0 || s.Content == nil {
			continue
		}
		s.ReportID[0] |= 1
		_, err = s.Strip(func(_, _ string) Pseudonym { return "00112233445566778899aabbccddeeff" })
		require.NoError(f, err)
		written, err := json.Marshal(s.Content)
		require.NoError(f, err)
		f.Add(string(s.Kind), written)
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		content, err := DecodeContent(Kind(kind), payload)
		if err != nil {
			return
		}
		_ = content.Identity()
		written, err := json.Marshal(content)
		require.NoError(t, err)
		again, err := DecodeContent(Kind(kind), written)
		require.NoError(t, err)
		rewritten, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(written), string(rewritten))
	})
}

// FuzzReadStored: whatever was sealed, reading it back changes nothing that is open, and no
// error repeats a text of it.
func FuzzReadStored(f *testing.F) {
	f.Add([]byte(`{"/content/summary":"GEHEIM","/content/victims/0/name":"GEHEIM","/reason":"GEHEIM"}`))
	f.Add([]byte(`{"/content/victims/99999999999/name":"GEHEIM"}`))
	f.Add([]byte(`{"content":1}`))
	f.Fuzz(func(t *testing.T, private []byte) {
		stored := Stored{Kind: AccidentDeclaration, Revision: 1, Content: []byte(`{"cause":"1","victims":[{},{}]}`), Opened: private}
		back, err := stored.Read()
		if err != nil {
			require.NotContains(t, err.Error(), "GEHEIM")
			return
		}
		if len(private) > 0 && private[0] == packedV1 {
			return // the document itself, whatever it is
		}
		again, _, err := Decode(back.Document)
		require.NoError(t, err)
		require.Equal(t, "1", again.Content.(*Accident).Cause)
	})
}

func FuzzUUID(f *testing.F) {
	f.Add("019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f")
	f.Add("{019b9b5e-8c00-7a3c-9f21-0a1b2c3d4}")
	f.Fuzz(func(t *testing.T, text string) {
		var u UUID
		if u.UnmarshalText([]byte(text)) == nil {
			require.Equal(t, strings.ToLower(text), u.String())
		}
	})
}

func FuzzPeriod(f *testing.F) {
	for _, p := range []string{"2025", "2025H1", "2016", "0000", "H1", "2025H1H1", "２０２５"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := Period(text)
		_ = p.End()
		if before := p.Before(); before != "" && p.Valid() {
			require.Equal(t, p.Year()-1, before.Year())
			require.Equal(t, p.HalfYear(), before.HalfYear())
		}
	})
}

// FuzzPointer: segments undo the writing of pointers.
func FuzzPointer(f *testing.F) {
	f.Add("a/b~0", "~1")
	f.Fuzz(func(t *testing.T, one, two string) {
		require.Equal(t, []string{one, two}, segments(pointerMember(pointerMember("", one), two)))
	})
}

// FuzzFindNumber: a number that is found is there, and a citizen number is found however
// it is written.
func FuzzFindNumber(f *testing.F) {
	f.Add("CCCD 001 085 012 345", "ngã")
	f.Add("12-", ".5")
	f.Fuzz(func(t *testing.T, before, after string) {
		if findNumber(before) != noNumber {
			digitsIn := 0
			for i := range len(before) {
				if digit(before[i]) {
					digitsIn++
				}
			}
			require.GreaterOrEqual(t, digitsIn, shortest)
		}
		if utf8.ValidString(before) && utf8.ValidString(after) {
			for _, number := range []string{"001085012345", "001 085 012 345", "001.085.012.345"} {
				require.Equal(t, citizenNumber, findNumber(before+"x"+number+"y"+after))
			}
		}
	})
}
