package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/api/identity"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// side is one of two worlds that have nothing to do with one another: units, people, places
// and industries of the one are foreign to the other.
type side int

const (
	here side = iota
	there
)

func (s side) String() string { return [...]string{"here", "there"}[s] }

// sides is what makes a report of a side: what the examples say, and what each side says
// instead.
var sides = []struct {
	province, section, mark string
	texts                   *strings.Replacer
}{
	here: {"01", "F", " phía bên này", strings.NewReplacer(
		"001085012345", "001085054327", "024078012345", "001078054327",
		"Nguyễn Văn An", "Lò Thị Sáu Bảy", "Trần Thị Bình", "Vàng A Pó Chín", "Phạm Văn Dũng", "Quách Đình Tám Mốt",
		"1985-04-12", "1984-11-23", "1978-09-02", "1977-12-13", "024 0000 0000", "024 0000 1111")},
	there: {"79", "C", " phía bên kia", strings.NewReplacer(
		// The establishment, the body that examines and treats, their branches.
		"0100109106", "0300588569", "0100112437", "0315551233",
		// People by number and by name.
		"001085012345", "079085054321", "024078012345", "079078054321",
		"Nguyễn Văn An", "Huỳnh Thị Út Mười", "Trần Thị Bình", "Lâm Quốc Kiệt Anh", "Phạm Văn Dũng", "Đặng Hoàng Sơn Ca",
		"1985-04-12", "1986-05-13", "1978-09-02", "1979-10-03", "024 0000 0000", "028 0000 2222",
		"00004", "26734")},
}

// asOf is the example of a kind as the side would file it.
func (s side) of(t *testing.T, kind report.Kind, ids map[string]string) []byte {
	t.Helper()
	raw := reporttest.Valid(kind)
	_, private := reporttest.Divide(raw)
	var document any
	require.NoError(t, json.Unmarshal(raw, &document))
	document = s.adapt(document, "", ids, private)
	content := document.(map[string]any)["content"].(map[string]any)
	if industry, ok := content["industry"].(map[string]any); ok {
		industry["code"] = sides[s].section
	}
	adapted, err := json.Marshal(document, json.Deterministic(true))
	require.NoError(t, err)
	return adapted
}

func (s side) adapt(v any, member string, ids map[string]string, private map[string]string) any {
	switch v := v.(type) {
	case map[string]any:
		// Both provinces have one code in both lists.
		if list := v["list"]; list == "34" || list == "63" {
			return map[string]any{"list": list, "code": sides[s].province}
		}
		for name, value := range v {
			if name == "courses" || name == "items" {
				continue // one row a province: two of them would become the same
			}
			v[name] = s.adapt(value, name, ids, private)
		}
	case []any:
		for i := range v {
			v[i] = s.adapt(v[i], member, ids, private)
		}
	case string:
		return s.text(v, member, ids, private)
	}
	return v
}

func (s side) text(v, member string, ids map[string]string, private map[string]string) string {
	if strings.HasSuffix(member, "_id") || member == "declarations" || member == "accidents" {
		if ids[v] == "" {
			ids[v] = freshID()
		}
		return ids[v]
	}
	changed := sides[s].texts.Replace(v)
	if changed == v && slices.Contains(values(private), v) && strings.ContainsFunc(v, unicode.IsLetter) {
		return v + sides[s].mark
	}
	return changed
}

func values(m map[string]string) (all []string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// world is a platform with every kind of report of both sides in it.
type world struct {
	*platform
	document document
	ids      [2]map[report.Kind]uuid.UUID
	tracking [2]map[report.Kind]string
	raw      [2]map[report.Kind][]byte
	tokens   tokens
}

// register enters those in the register who are asked about.
func (w *world) register(s side) {
	w.t.Helper()
	for _, unit := range []string{
		fmt.Sprintf(`"type":"establishment","tax_code":%q`, sides[s].texts.Replace("0100109106")),
		fmt.Sprintf(`"type":"clinic","tax_code":%q`, sides[s].texts.Replace("0100112437")),
		fmt.Sprintf(`"type":"commune","commune":{"code":%q,"valid_from":"2025-07-01"}`, sides[s].texts.Replace("00004")),
	} {
		w.accept(fmt.Appendf(nil, `{"kind":"registration","content":{
			"reporter":{"type":"authority","authority":"labour","name":"Sở Nội vụ","province":{"list":"34","code":%[1]q}},
			"registered":{%[2]s,"name":"Đơn vị trong sổ%[3]s"},"active":{"from":"2025-07-01"},
			"head_office":[{"province":{"list":"34","code":%[1]q},"from":"2025-07-01"}]}}`, sides[s].province, unit, sides[s].mark))
	}
}

// personal lists the private texts of a side's reports: names, numbers, birth dates, stories.
func (w *world) personal(s side) (texts []string) {
	for _, raw := range w.raw[s] {
		_, private := reporttest.Divide(raw)
		for pointer, text := range private {
			// Who reports is no secret from who may see the report's unit; persons are.
			if len(text) >= 8 && !strings.HasPrefix(pointer, "/content/reporter/") && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	slices.Sort(texts)
	return texts
}

// tokens tells who presents which token.
type tokens map[string]access.Caller

func (t tokens) Identify(ctx context.Context, token string) (access.Caller, error) {
	if by, ok := t[token]; ok {
		return by, nil
	}
	return access.Caller{}, identity.ErrToken
}

func newWorld(t *testing.T, change ...func(*Deps, *Config)) *world {
	t.Helper()
	// What is missing in the platform of the tests is there, so that nothing answers 501.
	whole := func(d *Deps, _ *Config) {
		d.Health, d.Watermark, d.Prover = d.Store.(*store.Store), d.Store.(*store.Store), &proving{}
		d.Boundaries = supplied(t, seeds.List34)
	}
	w := &world{platform: newPlatform(t, append(change, whole)...)}
	w.startLog()
	w.document = w.platform.document()
	for _, s := range []side{here, there} {
		w.fill(s)
	}
	return w
}

// fill files every kind of a side.
func (w *world) fill(s side) {
	w.t.Helper()
	ids := map[string]string{}
	w.ids[s], w.tracking[s], w.raw[s] = map[report.Kind]uuid.UUID{}, map[report.Kind]string{}, map[report.Kind][]byte{}
	for _, d := range report.Definitions() {
		raw := s.of(w.t, d.Kind, ids)
		a := w.post(reportsPath, raw)
		require.Equal(w.t, http.StatusAccepted, a.status, "%s %s: %s", s, d.Kind, a.body)
		accepted := read[Acceptance](a)
		w.ids[s][d.Kind], w.tracking[s][d.Kind], w.raw[s][d.Kind] = accepted.ReportID, accepted.TrackingNumber, raw
	}
	w.register(s)
	for kind, id := range w.ids[s] {
		status := read[ReportStatus](w.ask(http.MethodGet, reportsPath+"/"+id.String(), nil, "Receipt", w.tracking[s][kind], "Prefer", "wait=30").ok())
		require.Equal(w.t, "stored", status.State, kind)
	}
}
