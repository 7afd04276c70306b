package intake_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/ingest/intake"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

func as(role access.Role, units ...string) intake.Principal {
	c := access.Caller{ID: string(role) + fmt.Sprint(units), Role: role, Units: units}
	if role == access.Software {
		c = c.With(access.Grants{File: units})
	}
	return intake.Principal{Caller: c}
}

func officer(role access.Role, province string) intake.Principal {
	return intake.Principal{Caller: access.Caller{ID: string(role) + province, Role: role, Provinces: []string{province}}}
}

func fileAs(t *testing.T, g *intake.Gateway, by intake.Principal, raw []byte) intake.Outcome {
	t.Helper()
	return g.Submit(t.Context(), by, []intake.Item{{Raw: raw}})[0]
}

func withdrawal(kind report.Kind, id uuid.UUID, revision int) []byte {
	return fmt.Appendf(nil, `{"kind":%q,"report_id":%q,"revision":%d,"withdrawn":true,"reason":"nhầm"}`, kind, id, revision)
}

const own, foreign = "0100109106", "0100112437"

// eventID makes an id of the time of the examples; a later one would be warned of.
func eventID() uuid.UUID {
	id := uuid.New()
	copy(id[:6], []byte{0x01, 0x9b, 0x9b, 0x5e, 0x8c, 0x00})
	id[6] = id[6]&0x0f | 0x70
	return id
}

// like compares two answers but for the id that was asked about.
func like(t *testing.T, unknown, foreign intake.Outcome) {
	t.Helper()
	foreign.ReportID = unknown.ReportID
	require.Equal(t, unknown, foreign)
}

// What is on file of somebody else is answered as if it were not, whatever the gateway
// knows it from.
func TestWhatOthersFiledIsNotTold(t *testing.T) {
	e := newEngines(t)
	e.startSink()
	first, _ := e.gateway(nil)
	event := fileAs(t, first, as(access.Enterprise, own), reporttest.Set(declaration(), "/report_id", fmt.Sprintf("%q", eventID())))
	periodic := fileAs(t, first, as(access.Enterprise, own), annex(1))
	require.Equal(t, intake.Accepted, event.State, "%v", event.Findings)
	require.Equal(t, intake.Accepted, periodic.State, "%v", periodic.Findings)
	e.settled(event.ReportID)
	e.settled(periodic.ReportID)
	restarted, ledger := e.gateway(nil) // it remembers nothing

	stranger := as(access.Enterprise, foreign)
	amendment := func(id uuid.UUID, revision int) []byte {
		raw := reporttest.Set(declaration(), "/report_id", fmt.Sprintf("%q", id))
		raw = reporttest.Set(reporttest.Set(raw, "/revision", strconv.Itoa(revision)), "/reason", `"nhầm"`)
		return reporttest.Set(raw, "/content/reporter/tax_code", `"`+foreign+`"`)
	}
	for name, g := range map[string]*intake.Gateway{"from memory": first, "from the store": restarted} {
		for _, by := range []intake.Principal{stranger, as(access.Software, foreign), as(access.Clinic, own), as(access.ServiceBody, own),
			officer(access.LabourOfficer, "01"), officer(access.Inspector, "01"), {Caller: access.Caller{ID: "m", Role: access.Ministry}}} {
			for _, revision := range []int{2, 3} {
				like(t, fileAs(t, g, by, withdrawal(report.AnnexXII, uuid.New(), revision)), fileAs(t, g, by, withdrawal(report.AnnexXII, periodic.ReportID, revision)))
			}
		}
		for _, revision := range []int{2, 3} {
			like(t, fileAs(t, g, stranger, amendment(eventID(), revision)), fileAs(t, g, stranger, amendment(event.ReportID, revision)))
		}
		// The one thing that cannot be done is to give an id twice.
		taken := fileAs(t, g, stranger, reporttest.Remove(amendment(event.ReportID, 1), "/reason"))
		require.Equal(t, intake.Conflict, taken.State, name)
		require.Equal(t, "GWY-024", taken.Findings[len(taken.Findings)-1].Code)
		require.Zero(t, taken.Current)
	}

	// Without the store nobody learns more, and nothing is withdrawn.
	ledger.down.Store(true)
	like(t, fileAs(t, restarted, stranger, withdrawal(report.AnnexXII, uuid.New(), 2)), fileAs(t, restarted, stranger, withdrawal(report.AnnexXII, periodic.ReportID, 2)))
	require.Equal(t, intake.Busy, fileAs(t, restarted, as(access.Enterprise, own), withdrawal(report.AnnexXII, periodic.ReportID, 2)).State)
	ledger.down.Store(false)

	// Whose it is may, and so may who files for him.
	require.Equal(t, intake.Accepted, fileAs(t, restarted, as(access.Software, own), withdrawal(report.AnnexXII, periodic.ReportID, 2)).State)
	require.Equal(t, intake.Accepted, fileAs(t, restarted, as(access.Enterprise, own), withdrawal(report.AccidentDeclaration, event.ReportID, 2)).State)

	// A repetition by somebody else is one only if it is within his scope.
	again := withdrawal(report.AccidentDeclaration, event.ReportID, 2)
	require.True(t, fileAs(t, restarted, as(access.Software, own), again).Replayed)
	like(t, fileAs(t, restarted, stranger, withdrawal(report.AccidentDeclaration, eventID(), 2)), fileAs(t, restarted, stranger, again))
	ledger.down.Store(true)
	require.Equal(t, intake.Busy, fileAs(t, restarted, stranger, again).State, "that the gateway remembers it is not told")
	require.True(t, fileAs(t, restarted, as(access.Enterprise, own), again).Replayed)
}

// An entry of the register is its keeper's, not of the unit that it names: neither that
// unit nor the authority of another province touches it.
func TestTheRegisterIsItsKeepers(t *testing.T) {
	e := newEngines(t)
	e.startSink()
	first, _ := e.gateway(nil)
	entry := reporttest.Valid(report.RegistrationEntry)
	filed := fileAs(t, first, officer(access.LabourOfficer, "01"), entry)
	require.Equal(t, intake.Accepted, filed.State, "%v", filed.Findings)
	s, _, err := report.Decode(entry)
	require.NoError(t, err)
	e.settled(filed.ReportID)
	restarted, _ := e.gateway(nil)

	theirs := reporttest.Set(reporttest.Amended(report.RegistrationEntry), "/content/reporter/province/code", `"48"`)
	for _, g := range []*intake.Gateway{first, restarted} {
		for _, by := range []intake.Principal{as(access.Enterprise, string(s.Content.(*report.Registration).Registered.TaxCode)),
			officer(access.LabourOfficer, "48"), officer(access.HealthOfficer, "01"), officer(access.Insurance, "01")} {
			like(t, fileAs(t, g, by, withdrawal(report.RegistrationEntry, uuid.New(), 2)), fileAs(t, g, by, withdrawal(report.RegistrationEntry, filed.ReportID, 2)))
		}
		out := fileAs(t, g, officer(access.LabourOfficer, "48"), theirs)
		require.Equal(t, intake.Stale, out.State, "%v", out.Findings)
		require.Zero(t, out.Current)
	}
	require.Equal(t, intake.Accepted, fileAs(t, restarted, officer(access.LabourOfficer, "01"), reporttest.Amended(report.RegistrationEntry)).State)
	require.Equal(t, intake.Accepted, fileAs(t, restarted, officer(access.LabourOfficer, "01"), withdrawal(report.RegistrationEntry, filed.ReportID, 3)).State)

	// Once it is withdrawn, the next authority enters the unit, and from then on keeps it.
	next := reporttest.Set(theirs, "/revision", "4")
	require.Equal(t, intake.Conflict, fileAs(t, restarted, officer(access.LabourOfficer, "48"), reporttest.Set(next, "/revision", "3")).State)
	require.Equal(t, intake.Accepted, fileAs(t, restarted, officer(access.LabourOfficer, "48"), next).State)
	require.True(t, fileAs(t, restarted, officer(access.LabourOfficer, "48"), next).Replayed)
	like(t, fileAs(t, restarted, officer(access.LabourOfficer, "01"), withdrawal(report.RegistrationEntry, uuid.New(), 5)),
		fileAs(t, restarted, officer(access.LabourOfficer, "01"), withdrawal(report.RegistrationEntry, filed.ReportID, 5)))
	require.Equal(t, intake.Accepted, fileAs(t, restarted, officer(access.LabourOfficer, "48"), withdrawal(report.RegistrationEntry, filed.ReportID, 5)).State)
}
