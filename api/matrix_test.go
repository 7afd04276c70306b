package api

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/api/identity"
	"atvsld/ingest/report"
)

var updateMatrix = flag.Bool("update-matrix", false, "write the statuses of this run to testdata/matrix.txt, to be read before they are committed")

// roles are the columns of the matrix: each with a scope on the side called here.
func (w *world) roles() map[access.Role]access.Caller {
	unit, province := "0100109106", sides[here].province
	return map[access.Role]access.Caller{
		access.Public:         access.Nobody(),
		access.Enterprise:     {Units: []string{unit}},
		access.Software:       {Units: []string{unit}, FileUnits: []string{unit}},
		access.Commune:        {Units: []string{"commune:00004"}},
		access.Clinic:         {Units: []string{"0100112437"}},
		access.ServiceBody:    {Units: []string{"0100112437"}},
		access.ZoneBoard:      {Units: []string{unit}},
		access.LabourOfficer:  {Provinces: []string{province}},
		access.HealthOfficer:  {Provinces: []string{province}},
		access.Insurance:      {Provinces: []string{province}},
		access.SectorMinistry: {Sections: []string{"2025:" + sides[here].section}},
		access.Ministry:       {Nation: true},
		access.Inspector:      {Provinces: []string{province}},
		access.Auditor:        {},
		access.Operator:       {Nation: true},
	}
}

// withRoles lets every role present a token.
func (w *world) withRoles() {
	w.tokens = tokens{w.token: {ID: identity.LocalID, Role: access.Operator, Nation: true}}
	for role, by := range w.roles() {
		by.ID, by.Role = "test:"+string(role), role
		w.tokens["token-"+string(role)] = by
	}
	w.server.Identity = w.tokens
}

// as asks in a role.
func (w *world) as(role access.Role, q question) answer {
	w.t.Helper()
	headers := append([]string{"Authorization", "Bearer token-" + string(role), "Access-Purpose", "inspection"}, q.headers...)
	if role == access.Public {
		headers[1] = ""
	}
	return w.ask(q.method, q.path, q.body, headers...)
}

// Every operation of the OpenAPI document is called by every role, inside its scope and
// outside. The statuses are those of testdata/matrix.txt, which is written by hand or, with
// -update-matrix, by the program and then read. An operation that the document has and the
// matrix has not fails, and so does a role.
//
// The answers are kept: no personal text of the other side may be in any answer to a limited
// caller, and none at all in an answer to who may not read personal data. And when everything
// was asked, what was planted is in no log line, metric, message and column.
func TestEveryRoleOnEveryOperation(t *testing.T) {
	w := newWorld(t)
	w.withRoles()
	probes := w.probes()
	require.Equal(t, w.document.operations(), sortedKeys(probes), "the operations of the document have probes")
	foreign, own := w.personal(there), w.personal(here)
	var got bytes.Buffer
	fmt.Fprintf(&got, "# %-38s", "operation")
	for _, info := range access.Roles() {
		fmt.Fprintf(&got, " %-14s", info.Role)
	}
	got.WriteByte('\n')
	for _, id := range sortedKeys(probes) {
		for _, s := range []side{here, there} {
			fmt.Fprintf(&got, "%-32s %-7s", id, s)
			for _, info := range access.Roles() {
				a := w.as(info.Role, probes[id](info.Role, s))
				fmt.Fprintf(&got, " %-14s", cell(id, a))
				w.leaksNothing(id, info.Role, s, a, foreign, own)
			}
			got.WriteByte('\n')
		}
	}
	const file = "testdata/matrix.txt"
	if *updateMatrix {
		require.NoError(t, os.WriteFile(file, tidy(got.Bytes()), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(tidy(got.Bytes())))
	t.Run("planted markers are nowhere", func(t *testing.T) { plantedMarkersAreNowhere(t, w.in(t)) })
}

var rowStatus = regexp.MustCompile(`^\{.*?"status":(\d+)`)

// cell is the status of an answer; of a batch also that of its row.
func cell(id string, a answer) string {
	if id == "file-reports" && a.status == http.StatusOK {
		if row := rowStatus.FindSubmatch(a.body); row != nil {
			return strconv.Itoa(a.status) + "/" + string(row[1])
		}
	}
	return strconv.Itoa(a.status)
}

// tidy takes trailing spaces away.
func tidy(text []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		out.Write(bytes.TrimRight(line, " \n"))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// leaksNothing looks for what the caller may not know.
func (w *world) leaksNothing(id string, role access.Role, s side, a answer, foreign, own []string) {
	w.t.Helper()
	forbidden := foreign
	if access.ExtentOf(role, access.ReadPersonal) == access.None {
		forbidden = slices.Concat(foreign, own)
	}
	if role == access.Operator {
		return
	}
	for _, text := range forbidden {
		if bytes.Contains(a.body, []byte(text)) {
			w.t.Errorf("%s asked by %s about %s: the answer holds %q", id, role, s, text)
		}
	}
}

// operations lists the operations of the document.
func (d document) operations() []string {
	d.t.Helper()
	var ids []string
	for _, item := range d.at("paths").(map[string]any) {
		for _, op := range item.(map[string]any) {
			ids = append(ids, op.(map[string]any)["operationId"].(string))
		}
	}
	slices.Sort(ids)
	return ids
}

// The gates are those of the policy: where the policy denies, the answer is 401 or 403, and
// nowhere else is anything refused before it was looked at.
func TestGatesFollowThePolicy(t *testing.T) {
	p := newSmall(t)
	for _, item := range p.document().at("paths").(map[string]any) {
		for _, value := range item.(map[string]any) {
			op := value.(map[string]any)
			action := access.Action(op["x-action"].(string))
			known := slices.ContainsFunc(access.Actions(), func(a access.ActionInfo) bool { return a.Action == action })
			require.True(t, known, op["operationId"])
			var roles []string
			for _, r := range access.RolesFor(action) {
				roles = append(roles, string(r))
			}
			require.ElementsMatch(t, roles, op["x-roles"])
		}
	}
}

// An address that is bound but has no gate answers nobody: whoever adds a route and forgets to
// say what it is finds out.
func TestRouteWithoutAGateAnswersNobody(t *testing.T) {
	p := newSmall(t)
	for _, route := range p.server.engine.Routes() {
		require.Contains(t, p.server.gates, route.Method+" "+strings.ReplaceAll(route.Path, `\:`, ":"))
	}
	delete(p.server.gates, "GET /livez")
	p.get("/livez").problem(http.StatusUnauthorized, "API-001")
	p.ask(http.MethodGet, "/livez", nil).problem(http.StatusForbidden, "API-085")
}

// question is a request.
type question struct {
	method, path string
	body         []byte
	headers      []string
}

func get(path string, args ...any) question {
	return question{method: http.MethodGet, path: fmt.Sprintf(path, args...)}
}

func post(path string, body []byte, headers ...string) question {
	return question{method: http.MethodPost, path: path, body: body, headers: headers}
}

// probe makes the question that a role asks about a side.
type probe func(role access.Role, s side) question

// kindFiledBy is a kind of report that a role files.
func kindFiledBy(role access.Role) report.Kind {
	switch role {
	case access.LabourOfficer:
		return report.RegistrationEntry
	case access.HealthOfficer:
		return report.HealthSummary
	case access.Insurance:
		return report.InsuranceReport
	case access.Inspector:
		return report.InspectionReport
	case access.Ministry:
		return report.BaseFiguresReport
	}
	return kindOf(role)
}

// kindOf is the kind of report that a role is asked about: one that it sees.
func kindOf(role access.Role) report.Kind {
	switch role {
	case access.Commune:
		return report.CommuneReport
	case access.Clinic:
		return report.ClinicReport
	case access.ServiceBody:
		return report.EquipmentReport
	case access.HealthOfficer, access.Insurance:
		return report.DiseaseReport
	}
	return report.AnnexXII
}
