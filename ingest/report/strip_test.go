package report

import (
	"bytes"
	"encoding/gob"
	stdjson "encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// plainPseudonym is recognisable and not secret.
func plainPseudonym(domain, value string) Pseudonym {
	return Pseudonym(fmt.Sprintf("%.8s%024x", domain+"--------", len(value)))
}

// marked fills every member of a content, personal ones with a marker of its
// own, and returns the markers.
func marked(d *Definition) (Content, []string) {
	content := d.New()
	var markers []string
	n := 0
	var fill func(f *form, v reflect.Value)
	fill = func(f *form, v reflect.Value) {
		n++
		switch {
		case f.private:
			markers = append(markers, fmt.Sprintf("MARK%04dX", n))
			v.SetString(markers[len(markers)-1])
		case f.taxCode:
			markers = append(markers, fmt.Sprintf("77%010d", n))
			v.SetString(markers[len(markers)-1])
		case f.kind == textForm && f.enum != nil:
			v.SetString(f.enum[0])
		case f.kind == textForm:
			v.SetString("t")
		case f.kind == numberForm:
			v.SetUint(uint64(n))
		case f.kind == truthForm:
			v.SetBool(true)
		case f.goType == timeType:
			v.Set(reflect.ValueOf(time.Date(2026, 1, 5, 14, 30, 0, 0, time.UTC)))
		case f.kind == scalarForm && f.goType == reflect.TypeFor[UUID]():
			v.Index(0).SetUint(uint64(n))
		case f.kind == scalarForm:
			v.Set(reflect.ValueOf(seeds.MustDate(2026, 1, 5)))
		case f.kind == objectForm:
			for _, m := range f.members {
				fill(m, m.allocate(v))
			}
		case f.kind == listForm:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(f.elem, v.Index(0))
			fill(f.elem, v.Index(1))
		}
	}
	fill(d.form, reflect.ValueOf(content).Elem())
	return content, markers
}

func TestStripTakesEverythingPersonal(t *testing.T) {
	for _, d := range Definitions() {
		content, markers := marked(d)
		require.NotEmpty(t, markers)
		s := Submission{Kind: d.Kind, Content: content, Reason: "MARKREASON"}
		s.ReportID[0] = 1

		for _, m := range markers {
			if strings.HasPrefix(m, "MARK") { // a tax code is a tax code until it is stripped
				requireNowhere(t, content, m)
			}
		}
		private, err := s.Strip(plainPseudonym)
		require.NoError(t, err)
		for _, m := range append(markers, "MARKREASON") {
			require.Equal(t, 1, strings.Count(string(private), `"`+m+`"`), "%s: %s is not among what was taken", d.Kind, m)
			requireNowhere(t, s.Content, m)
			require.NotContains(t, fmt.Sprintf("%+v %#v", s, reveal(s.Content)), m, d.Kind)
		}
		var taken map[string]string
		require.NoError(t, json.Unmarshal(private, &taken))
		document := readBack(t, &s, private)
		for pointer, text := range taken {
			require.Equal(t, text, memberAt(document, pointer), "%s %s", d.Kind, pointer)
		}
	}
}

// reveal prints what a careless %#v of the fields would.
func reveal(c Content) any { return reflect.ValueOf(c).Elem().Interface() }

func requireNowhere(t *testing.T, content Content, marker string) {
	t.Helper()
	v2, err := json.Marshal(content)
	require.NoError(t, err)
	require.NotContains(t, string(v2), marker)
	v1, err := stdjson.Marshal(content)
	require.NoError(t, err)
	require.NotContains(t, string(v1), marker)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", content, content, content, content), marker)
}

func TestPrivateNeverShows(t *testing.T) {
	const secret = "Nguyễn Văn An"
	type person struct{ Name Private }
	holder := person{secret}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "name", Private(secret), "holder", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "name", Private(secret), "holder", holder)
	outputs := []string{log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %v", "%10s", "%!"} {
		outputs = append(outputs, fmt.Sprintf(verb, Private(secret)), fmt.Sprintf(verb, holder), fmt.Sprintf(verb, []Private{secret}))
	}
	v1, err := stdjson.Marshal([]any{Private(secret), holder, &holder})
	require.NoError(t, err)
	v2, err := json.Marshal(holder)
	require.NoError(t, err)
	x, err := xml.Marshal(holder)
	require.NoError(t, err)
	var g bytes.Buffer
	require.NoError(t, gob.NewEncoder(&g).Encode(holder))
	outputs = append(outputs, string(v1), string(v2), string(x), g.String(), fmt.Sprint(fmt.Errorf("bad name %v", Private(secret))))
	for _, out := range outputs {
		require.NotContains(t, out, "Nguy")
		require.NotContains(t, out, "4e677579", "hexadecimal")
	}
	require.Equal(t, secret, Private(secret).Reveal())
}

// Findings never repeat what is personal, neither of form nor of rules.
func TestFindingsShowNothingPersonal(t *testing.T) {
	const marker = "QZJXQ"
	for _, d := range Definitions() {
		var walk func(f *form, at string)
		walk = func(f *form, at string) {
			if f.private || f.taxCode {
				for _, value := range []string{`"QZJXQ"`, `"QZJXQ\u0007"`, `"` + strings.Repeat(marker, 1500) + `"`, `["QZJXQ"]`, `{"QZJXQ2":"QZJXQ"}`, `"001085012345"`, `7654321`} {
					document := `{"kind":"` + string(d.Kind) + `","content":` + nest(at, value) + `}`
					s, form, err := Decode([]byte(document))
					require.NoError(t, err, document)
					for _, found := range Check(Context{Seeds: seeds.Default(), Now: time.Now()}, &s, form) {
						text := found.Value + found.Message + found.MessageVI
						require.NotContains(t, text, marker, "%s %s", found.Code, at)
						require.NotContains(t, text, "001085012345", "%s %s", found.Code, at)
						require.NotContains(t, text, "7654321", "%s %s", found.Code, at)
					}
				}
			}
			for _, m := range f.members {
				walk(m, at+"/"+m.name)
			}
			if f.elem != nil {
				walk(f.elem, at+"/0")
			}
		}
		walk(d.form, "")
	}
}

// nest writes a value at a pointer into an otherwise empty document.
func nest(pointer, value string) string {
	parts := strings.Split(pointer, "/")[1:]
	for _, part := range slices.Backward(parts) {
		if part == "0" {
			value = "[" + value + "]"
		} else {
			value = `{"` + part + `":` + value + `}`
		}
	}
	return value
}

func TestStripNeedsAReportID(t *testing.T) {
	s := Submission{Kind: AccidentDeclaration, Content: &Accident{}}
	_, err := s.Strip(plainPseudonym)
	require.ErrorIs(t, err, ErrNoReportID)
	s.Kind = "x"
	_, err = s.Strip(plainPseudonym)
	require.Error(t, err)
}

func TestStripOfNothing(t *testing.T) {
	s := Submission{Kind: CommuneReport, Content: &Commune{}}
	private, err := s.Strip(plainPseudonym)
	require.NoError(t, err)
	require.Nil(t, private)
}

// memberAt is what stands at a pointer of a document, nil if there is nothing.
func memberAt(document []byte, pointer string) any {
	var at any
	if json.Unmarshal(document, &at) != nil {
		return nil
	}
	for _, segment := range segments(pointer) {
		switch v := at.(type) {
		case map[string]any:
			at = v[segment]
		case []any:
			i, err := strconv.Atoi(segment)
			if err != nil || i >= len(v) {
				return nil
			}
			at = v[i]
		default:
			return nil
		}
	}
	return at
}

// readBack writes a stripped submission again from what is stored of it.
func readBack(t *testing.T, s *Submission, private []byte) []byte {
	t.Helper()
	content, err := json.Marshal(s.Content)
	require.NoError(t, err)
	back, err := Stored{Kind: s.Kind, ReportID: s.ReportID, Revision: 1, Content: content, Opened: private}.Read()
	require.NoError(t, err)
	_, _, err = Decode(back.Document)
	require.NoError(t, err)
	return back.Document
}

func TestTakenTextsAreOfPointers(t *testing.T) {
	for _, private := range []string{`{"":"x"}`, `[]`, `{"content":"x"}`, `{"/a":1}`} {
		_, err := Stored{Kind: AnnexXII, Content: []byte("{}"), Opened: []byte(private)}.Read()
		require.Error(t, err, private)
	}
}

func TestComputedMembers(t *testing.T) {
	a := &Accident{OccurredAt: time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC), Victims: []Victim{
		{Name: "  trần THỊ   bình ", BirthYear: "1990", Sex: Female},
		{Name: "Trần Thị Bình", BirthDate: "1990-12-01", Sex: Female, IDNumber: "001190012345"},
		{Name: "A", BirthDate: "2011-03-06", Sex: UnknownSex}, {Name: "A", BirthDate: "2011-03-07"}, {},
	}}
	var asked []string
	s := Submission{Kind: AccidentDeclaration, Content: a}
	s.ReportID[15] = 9
	_, err := s.Strip(func(domain, value string) Pseudonym {
		asked = append(asked, domain+" "+value)
		return "p"
	})
	require.NoError(t, err)
	require.Equal(t, []string{"name TRẦN THỊ BÌNH|1990|female", "person 001190012345", "name TRẦN THỊ BÌNH|1990|female", "name A|2011|", "name A|2011|"}, asked)
	require.Equal(t, UUID(s.ReportID), a.AccidentID, "by default the declaration's own")
	// 03:00 on 6 March in Viet Nam: the third has turned 15, the fourth has not.
	var groups []AgeGroup
	for _, v := range a.Victims {
		groups = append(groups, v.AgeGroup)
	}
	require.Equal(t, []AgeGroup{"35-44", "35-44", "15-17", "<15", ""}, groups)
}
