package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// stored takes a submission apart as the gateway does.
func stored(t *testing.T, raw []byte) (s report.Stored, packed, private []byte) {
	t.Helper()
	submission, form, err := report.Decode(raw)
	require.NoError(t, err)
	require.Empty(t, form)
	sha, err := report.SHA256(raw)
	require.NoError(t, err)
	private, err = submission.Strip(func(domain, value string) report.Pseudonym {
		return report.Pseudonym(strings.Repeat("0", 28) + domain[:4])
	})
	require.NoError(t, err)
	s = report.Stored{Kind: submission.Kind, ReportID: submission.ReportID, Revision: submission.Revision, Withdrawn: submission.Withdrawn, Mark: keyed(sha), MarkOf: keyed}
	if submission.Content != nil {
		s.Content, err = json.Marshal(submission.Content, json.Deterministic(true))
		require.NoError(t, err)
	}
	return s, report.Pack(raw, s.Content, private), private
}

func TestWhatWasFiledComesBackByteForByte(t *testing.T) {
	f := func(raw []byte) {
		t.Helper()
		s, packed, _ := stored(t, raw)
		s.Opened = packed
		back, err := s.Read()
		require.NoError(t, err)
		require.Equal(t, string(raw), string(back.Document))
		require.True(t, back.Exact)
		require.True(t, back.Personal)
	}
	for _, d := range report.Definitions() {
		raw := reporttest.Valid(d.Kind)
		f(raw)
		f(bytes.ReplaceAll(raw, []byte(`":`), []byte(`" : `)))
		f(reporttest.Set(raw, "/acknowledge", `["X-001"]`))
		f(reporttest.Set(raw, "/withdrawn", `false`))
		f(reporttest.Set(reporttest.Set(raw, "/reason", `"lý do"`), "/content/reporter/name", `"Co\u0302ng ty \u1ea6"`))
		f(reporttest.Set(raw, "/paper", `{"received_on":"2026-01-07","entered_by":"Lê Thị Hoa","reference":"12/CV"}`))
	}
	f(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/rows/0/deaths_outside", `0`))
	f([]byte(`{"kind":"annex_xii","report_id":"64d36efa-86cd-50e0-a3b6-2eb3a2b8b2a2","revision":2,"withdrawn":true,"reason":"Nộp nhầm"}`))
}

// Reports that were sealed as Strip returns them still read, and where the filer wrote
// no more than the form, with the digest of the receipt.
func TestTextsTakenOutAreReadBack(t *testing.T) {
	for _, d := range report.Definitions() {
		raw := reporttest.Valid(d.Kind)
		s, _, private := stored(t, raw)
		s.Opened = private
		back, err := s.Read()
		require.NoError(t, err)
		again, form, err := report.Decode(back.Document)
		require.NoError(t, err)
		require.Empty(t, form, string(back.Document))
		changes, err := report.Diff(d.Kind, raw, back.Document)
		require.NoError(t, err)
		for _, c := range changes { // the default that the platform adds
			require.Equal(t, "/content/accident_id", c.Pointer)
		}
		require.Equal(t, d.Kind, again.Kind)
		require.True(t, back.Personal)
	}
}

// Without its key nothing personal is left, a household's number and what stands for it
// included, and the rest reads.
func TestErasedReportsRead(t *testing.T) {
	raw := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/tax_code", `"001085012345"`)
	s, _, _ := stored(t, raw)
	back, err := s.Read()
	require.NoError(t, err)
	require.False(t, back.Exact)
	require.False(t, back.Personal)
	text := string(back.Document)
	for _, gone := range []string{"001085012345", "hb:", "Sông Hồng", "phố Huế"} {
		require.NotContains(t, text, gone)
	}
	require.Contains(t, text, `"payroll_million_vnd":61200`)
	require.Contains(t, text, `"tax_code":null`)

	s, _, _ = stored(t, reporttest.Valid(report.AccidentDeclaration))
	back, err = s.Read()
	require.NoError(t, err)
	for _, gone := range []string{"name_key", "person", "age_group", "Nguyễn", "summary"} {
		require.NotContains(t, string(back.Document), gone)
	}
}

// A document that hardly packs is sealed as before, so that no message grows too long.
func TestWhatDoesNotPackIsSealedAsBefore(t *testing.T) {
	noise := make([]byte, 0, 250_000)
	state := uint32(1)
	for len(noise) < cap(noise) {
		state = state*1664525 + 1013904223
		noise = append(noise, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"[state>>26])
	}
	private := []byte(`{"/reason":"x"}`)
	require.Less(t, len(report.Pack(noise, nil, private)), len(noise))
	for i := range noise {
		noise[i] = byte(state >> 24)
		state = state*1664525 + 1013904223
	}
	require.Equal(t, private, report.Pack(noise, nil, private))
}

func TestDamagedPacksAreRefused(t *testing.T) {
	s, packed, _ := stored(t, reporttest.Valid(report.AnnexXII))
	for _, opened := range [][]byte{packed[:len(packed)/2], {1, 0xff, 0xff}, []byte("[]"), []byte(`{"x":"y"}`)} {
		s.Opened = opened
		_, err := s.Read()
		require.Error(t, err)
	}
}

func TestDiff(t *testing.T) {
	f := func(kind report.Kind, want string, lines ...string) {
		t.Helper()
		from := reporttest.Valid(kind)
		changes, err := report.Diff(kind, from, reporttest.Apply(from, example.Edits(lines...)))
		require.NoError(t, err)
		var got []string
		for _, c := range changes {
			got = append(got, strings.Join([]string{c.Op, c.Pointer, c.OldPointer, string(c.Old), string(c.New)}, " "))
		}
		require.Equal(t, want, strings.Join(got, "\n"))
	}
	f(report.AnnexXII, "")
	f(report.AnnexXII, "", `/reason = "x"`, `/revision = 2`, `/content/rows/0/deaths_outside = 0`)
	f(report.AnnexXII, "replace /content/workers/total  420 421\nreplace /content/rows/2/serious  1 2", `/content/rows/2/serious = 2`, `/content/workers/total = 421`)
	// A row that moved is no change; one that is new or gone is, with its own place.
	row := `{"block":"1.1","code":"1","accidents":2,"accidents_fatal":1,"accidents_multi":1,"victims":3,"victims_outside":1,"women":1,"deaths":1,"serious":1}`
	f(report.AnnexXII, "", `/content/rows/1 -`, `/content/rows/- = `+row)
	f(report.AnnexXII, `add /content/rows/7   {"accidents":1,"block":"1.1","code":"9"}`, `/content/rows/- = {"block":"1.1","code":"9","accidents":1}`)
	f(report.AnnexXII, "remove /content/rows/5  {\"accidents\":1,\"block\":\"2\",\"victims\":1,\"women\":1} ", `/content/rows/5 -`)
	// Another code makes another row, unless nearly all the rest is the same.
	f(report.MonitoringReport, "replace /content/factors/0/factor  \"noise\" \"vibration\"", `/content/factors/0/factor = "vibration"`)
	f(report.AccidentDeclaration,
		"replace /content/victims/0/name /content/victims/1/name \"Trần Thị Bình\" \"Trần Thị Bính\"\nremove /content/victims/0  "+
			`{"birth_date":"1985-04-12","died_on":"2026-01-05","employment":"contract","id_number":"001085012345","name":"Nguyễn Văn An","occupation":"7111","severity":"dead","sex":"male","under_management":true} `,
		`/content/victims/1/name = "Trần Thị Bính"`, `/content/victims/0 -`)
	f(report.AccidentDeclaration, "add /content/commuting   true", `/content/commuting = true`)
	f(report.AccidentDeclaration, "add /content/victims/1/injuries/1   \"021\"", `/content/victims/1/injuries/- = "021"`)
}

func TestPaperIsReceivedOnItsDay(t *testing.T) {
	day := seeds.MustDate(2026, 1, 7)
	p := report.Paper{ReceivedOn: day}
	require.Equal(t, "2026-01-07T23:59:59.999+07:00", p.ReceivedAt(reporttest.Now()).Format("2006-01-02T15:04:05.000Z07:00"))
	p.ReceivedOn = seeds.DateOf(reporttest.Now())
	require.Equal(t, reporttest.Now(), p.ReceivedAt(reporttest.Now()), "not after it was entered")
}

// keyed stands for seal.Keys.Mark.
func keyed(sha [32]byte) [32]byte {
	sha[0] ^= 0xff
	return sha
}
