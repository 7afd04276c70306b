package api

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// anybody lets in the caller that a test wants.
type anybody struct{ by access.Caller }

func (a *anybody) Identify(context.Context, string) (access.Caller, error) { return a.by, nil }

// Role and scope decide how much of what is personal in a report is shown, before it is opened.
func TestLevelsOfReading(t *testing.T) {
	who := &anybody{}
	id := uuid.MustParse("01970000-0000-7000-8000-000000000001")
	var kept *filings
	p := newSmall(t, func(d *Deps, _ *Config) {
		raw := reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/report_id", `"`+id.String()+`"`)
		raw = reporttest.Set(reporttest.Set(raw, "/content/summary", `"Nguyễn Thị Bích ngã, số 001085012345."`), "/content/victims/0/name", `"Nguyễn Thị Bích"`)
		kept = filedReports(t, d.Keys, reporttest.Set(raw, "/reason", `"bổ sung cho NGUYEN THI BICH"`))
		d.Reports, d.Identity = kept, who
	})
	address := reportsPath + "/" + id.String()
	f := func(by access.Caller, want string) {
		t.Helper()
		by.ID = string(by.Role)
		who.by = by
		a := p.ask(http.MethodGet, address+"/revisions/1", nil, PurposeHeader, "inspection").ok()
		one := read[FiledRevision](a)
		require.Equal(t, want, one.Personal, by)
		text := string(a.body)
		diff := string(p.ask(http.MethodGet, address+"/diff", nil, PurposeHeader, "inspection").ok().body)
		history := read[FiledHistory](p.ask(http.MethodGet, address+"/history", nil, PurposeHeader, "inspection").ok())
		require.Equal(t, want, history.Revisions[0].Personal)
		require.Equal(t, want == personalOpen, one.SHA256 != receipt.Digest{}, "a digest of what is not shown would confirm guesses")
		require.Equal(t, want == personalOpen, one.TrackingNumber != "" && history.Revisions[0].TrackingNumber != "")
		switch want {
		case personalOpen:
			require.Contains(t, text, "Nguyễn Thị Bích")
			require.Contains(t, history.Revisions[0].Reason, "NGUYEN THI BICH")
			return
		case personalRedacted:
			require.Contains(t, text, report.Blank+" ngã")
			require.Equal(t, "bổ sung cho "+report.Blank, history.Revisions[0].Reason)
			require.Equal(t, "API-131", one.Notes[0].Code)
		default:
			require.NotContains(t, text, "ngã")
			require.Empty(t, history.Revisions[0].Reason)
			require.Equal(t, "API-130", one.Notes[0].Code)
		}
		for _, personal := range []string{"Bích", "BICH", "001085012345"} {
			require.NotContains(t, text+diff, personal, by)
		}
	}
	area, err := report.AreaOf(report.AccidentDeclaration, kept.all[0].Payload)
	require.NoError(t, err)
	place, ok := seeds.Default().To34(area.Provinces[0])
	require.True(t, ok)
	elsewhere := map[bool]string{true: "79", false: "01"}[place != "79"]

	f(access.Caller{Role: access.Operator, Nation: true}, personalOpen)
	f(access.Caller{Role: access.Inspector, Nation: true}, personalOpen)
	f(access.Caller{Role: access.Enterprise, Units: []string{"0100109106"}}, personalOpen)
	f(access.Caller{Role: access.Enterprise, Units: []string{"0100112437"}}, personalWithheld)
	f(access.Caller{Role: access.LabourOfficer, Provinces: []string{place}}, personalOpen)
	f(access.Caller{Role: access.LabourOfficer, Provinces: []string{elsewhere}}, personalWithheld)
	f(access.Caller{Role: access.HealthOfficer, Nation: true}, personalWithheld)
	f(access.Caller{Role: access.Ministry, Nation: true}, personalRedacted)
	f(access.Caller{Role: access.SectorMinistry, Sections: []string{area.Section}}, personalWithheld)
	f(access.Caller{Role: access.ZoneBoard, Units: []string{"0100109106"}}, personalWithheld)

	// What may not be read is not opened: nobody notices that the key is gone.
	require.NoError(t, p.deps.Keys.Destroy(seal.Slot{Year: 2026}, "A", "r"))
	f(access.Caller{Role: access.SectorMinistry, Sections: []string{area.Section}}, personalWithheld)
	who.by = access.Caller{ID: "x", Role: access.Ministry, Nation: true}
	require.Equal(t, personalErased, read[FiledRevision](p.ask(http.MethodGet, address+"/revisions/1", nil, PurposeHeader, "inspection").ok()).Personal)
}
