package api

import (
	"cmp"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/api/identity"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
	"atvsld/ingest/report/reporttest"
)

// Each kind of the catalogue goes over HTTP into Kafka, from there into the store and
// back out, is amended and withdrawn.
func TestEveryKindGoesAllTheWay(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	for _, d := range report.Definitions() {
		t.Run(string(d.Kind), func(t *testing.T) {
			// They wait for the store most of the time.
			t.Parallel()
			way := *p
			way.t = t
			wayOf(&way, d)
		})
	}
}

// way is one report on its way.
type way struct {
	*platform
	kind  *report.Definition
	id    uuid.UUID
	filed [][]byte // by revision
	sha   []receipt.Digest
}

func wayOf(p *platform, d *report.Definition) {
	w := &way{platform: p, kind: d}
	w.file(reporttest.Valid(d.Kind))
	w.readsBack(1)
	w.isListed(1)
	require.Equal(w.t, []uint32{1}, w.current())

	w.file(reporttest.Amended(d.Kind))
	w.readsBack(2)
	w.isListed(2)
	require.Equal(w.t, []uint32{2}, w.current())
	w.differs()

	w.file(fmt.Appendf(nil, `{"kind":%q,"report_id":%q,"revision":3,"withdrawn":true,"reason":"Nộp nhầm đơn vị"}`, d.Kind, w.id))
	w.readsBack(3)
	w.isGone()
	w.hasHistory()
	w.isFiledAgain()
}

func (w *way) file(raw []byte) {
	w.t.Helper()
	accepted := w.accept(raw, "Prefer", "")
	w.id, w.filed, w.sha = accepted.ReportID, append(w.filed, raw), append(w.sha, accepted.SHA256)
	number := uint32(len(w.filed))
	require.Equal(w.t, number, accepted.Revision)
	status := read[ReportStatus](w.ask(http.MethodGet, accepted.StatusURL, nil, "Receipt", accepted.TrackingNumber, "Prefer", "wait=30").ok())
	require.Equal(w.t, "stored", status.State)
}

func (w *way) address(rest string) string { return reportsPath + "/" + w.id.String() + rest }

// readsBack: what comes out is what went in, and has the digest of its receipt.
func (w *way) readsBack(revision uint32) {
	w.t.Helper()
	a := w.ask(http.MethodGet, w.address(fmt.Sprintf("/revisions/%d", revision)), nil).ok()
	got := read[FiledRevision](a)
	require.True(w.t, got.Exact)
	require.Equal(w.t, personalOpen, got.Personal)
	require.Empty(w.t, got.Notes)
	require.Equal(w.t, w.sha[revision-1], got.SHA256)
	require.Equal(w.t, identity.LocalID, got.SubmittedBy)
	sha, err := report.SHA256(got.Submission)
	require.NoError(w.t, err)
	require.Equal(w.t, [32]byte(w.sha[revision-1]), sha)
	require.JSONEq(w.t, string(w.filed[revision-1]), string(got.Submission))
	require.Equal(w.t, reasonIn(w.filed[revision-1]), got.Reason)
}

func reasonIn(raw []byte) string {
	var said struct {
		Reason string `json:"reason"`
	}
	_ = json.Unmarshal(raw, &said)
	return said.Reason
}

// listed asks for the list of the kind and unit.
func (w *way) listed(more ...string) []FiledSummary {
	w.t.Helper()
	query := url.Values{"kind": {string(w.kind.Kind)}, "limit": {"500"}}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	all := read[FiledList](w.ask(http.MethodGet, reportsPath+"?"+query.Encode(), nil).ok()).Reports
	var own []FiledSummary
	for _, r := range all {
		if r.ReportID == w.id {
			own = append(own, r)
		}
	}
	return own
}

func (w *way) isListed(revision uint32) {
	w.t.Helper()
	own := w.listed()
	require.Len(w.t, own, 1)
	require.Equal(w.t, revision, own[0].Revision)
	require.Equal(w.t, string(w.kind.Kind), own[0].Kind)
	require.Len(w.t, w.listed("unit", own[0].Unit, "year", strconv.Itoa(int(own[0].StatYear))), 1)
	if own[0].Province != nil {
		require.Len(w.t, w.listed("province", string(own[0].Province.List)+":"+own[0].Province.Code), 1)
	}
	require.Empty(w.t, w.listed("unit", own[0].Unit+"9"))
	require.Empty(w.t, w.listed("withdrawn", "true"))
}

// current gives the revisions of the report in the current table of its kind.
func (w *way) current() (revisions []uint32) {
	w.t.Helper()
	// The table is one of the catalogue's.
	query := "SELECT groupArray(revision) FROM " + w.kind.Table + " FINAL WHERE report_id = {id:UInt128}"
	number := new(big.Int).SetBytes(w.id[:])
	require.NoError(w.t, w.store.Conn().QueryRow(w.t.Context(), query, clickhouse.Named("id", number)).Scan(&revisions))
	return revisions
}

// differs: the diff tells the edits of the example's amendment, all of them and no more.
func (w *way) differs() {
	w.t.Helper()
	diff := read[FiledDiff](w.ask(http.MethodGet, w.address("/diff"), nil).ok())
	require.Equal(w.t, []uint32{1, 2}, []uint32{diff.From, diff.To})
	require.Equal(w.t, diff, read[FiledDiff](w.ask(http.MethodGet, w.address("/diff?from=1&to=2"), nil).ok()))
	require.Empty(w.t, read[FiledDiff](w.ask(http.MethodGet, w.address("/diff?from=2&to=2"), nil).ok()).Changes)
	edits, _ := example.Amendment(string(w.kind.Kind))
	told := map[string]bool{}
	for _, c := range diff.Changes {
		edit := editOf(edits, c)
		require.NotEmpty(w.t, edit, "no edit at %s", c.Pointer)
		told[edit] = true
		if c.Op != report.OpAdd {
			require.Equal(w.t, at(w.t, w.filed[0], cmp.Or(c.OldPointer, c.Pointer)), c.Old)
		}
		if c.Op != report.OpRemove {
			require.Equal(w.t, at(w.t, w.filed[1], c.Pointer), c.New)
		}
	}
	for _, e := range edits {
		if strings.HasPrefix(e.Pointer, "/content") {
			require.True(w.t, told[e.Pointer], "%s is not in the diff", e.Pointer)
		}
	}
}

// editOf finds the edit at, above or below a change; "-" stands for any new element.
func editOf(edits []example.Edit, c DiffChange) string {
	for _, e := range edits {
		for _, pointer := range []string{c.Pointer, cmp.Or(c.OldPointer, c.Pointer)} {
			list, appended := strings.CutSuffix(e.Pointer, "/-")
			if appended && strings.HasPrefix(pointer, list+"/") || pointer == e.Pointer ||
				strings.HasPrefix(pointer, e.Pointer+"/") || strings.HasPrefix(e.Pointer, pointer+"/") {
				return e.Pointer
			}
		}
	}
	return ""
}

// at is the value at a pointer of a document.
func at(t *testing.T, document []byte, pointer string) any {
	t.Helper()
	var root any
	require.NoError(t, json.Unmarshal(document, &root))
	for _, name := range strings.Split(pointer, "/")[1:] {
		switch v := root.(type) {
		case map[string]any:
			root = v[name]
		case []any:
			var i int
			_, err := fmt.Sscan(name, &i)
			require.NoError(t, err)
			root = v[i]
		}
	}
	return root
}

func (w *way) isGone() {
	w.t.Helper()
	require.Empty(w.t, w.current())
	require.Empty(w.t, w.listed())
	withdrawn := w.listed("withdrawn", "true")
	require.Len(w.t, withdrawn, 1)
	require.True(w.t, withdrawn[0].Withdrawn)
	require.Equal(w.t, uint32(3), withdrawn[0].Revision)
}

func (w *way) hasHistory() {
	w.t.Helper()
	history := read[FiledHistory](w.ask(http.MethodGet, w.address("/history"), nil).ok())
	require.Len(w.t, history.Revisions, 3)
	require.Empty(w.t, history.Next)
	for i, r := range history.Revisions {
		number := uint32(3 - i)
		require.Equal(w.t, number, r.Revision)
		require.Equal(w.t, number == 3, r.Withdrawn)
		require.Equal(w.t, reasonIn(w.filed[number-1]), r.Reason)
		require.Equal(w.t, identity.LocalID, r.SubmittedBy)
		require.Nil(w.t, r.Paper)
	}
}

// isFiledAgain: after a withdrawal the next filing is the next revision of the same
// report; revision 1 again, or one without a reason, is refused.
func (w *way) isFiledAgain() {
	w.t.Helper()
	again := reporttest.Set(reporttest.Amended(w.kind.Kind), "/revision", "4")
	w.post(reportsPath, reporttest.Remove(again, "/reason")).problem(http.StatusUnprocessableEntity, "ENV-022")
	w.post(reportsPath, reporttest.Set(again, "/revision", "6")).problem(http.StatusPreconditionFailed, "GWY-005")
	w.post(reportsPath, again, "If-Match", `"2"`).problem(http.StatusPreconditionFailed, "GWY-012")
	accepted := w.accept(again, "If-Match", `"3"`)
	require.Equal(w.t, w.id, accepted.ReportID)
	require.Equal(w.t, uint32(4), accepted.Revision)
	// The very same again is no conflict, whatever is the newest by now.
	require.True(w.t, w.accept(again, "If-Match", `"3"`).Replayed)
	require.NotContains(w.t, w.logged(), reasonIn(again))
}
