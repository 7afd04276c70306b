package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// file files a revision and waits until it is stored.
func (p *platform) file(kind report.Kind, revision int, edits ...string) Acceptance {
	p.t.Helper()
	raw := reporttest.Valid(kind)
	for i := 0; i < len(edits); i += 2 {
		raw = reporttest.Set(raw, edits[i], edits[i+1])
	}
	if revision > 1 {
		raw = reporttest.Set(reporttest.Set(raw, "/revision", strconv.Itoa(revision)), "/reason", `"sửa số liệu"`)
	}
	return p.stored(raw)
}

// What clinics, health departments, employers and communes file comes out side by side,
// amended and withdrawn.
func TestTreatedVictimsFromFilingToAnswer(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Health = d.Store.(HealthFigures) })
	p.startLog()
	ask := func() TreatedVictims {
		t.Helper()
		return read[TreatedVictims](p.ask(http.MethodGet, "/v1/treated-victims?period=2025&by=province", nil).ok())
	}
	hanoi := func() TreatedComparison {
		t.Helper()
		all := ask().Provinces
		require.Len(t, all, 34)
		require.Equal(t, "01", all[0].Code)
		require.Nil(t, all[1].Clinics.Victims, "nobody reported in another province")
		require.Equal(t, "no_reports", all[1].Clinics.Reason.Code)
		return all[0]
	}
	empty := hanoi()
	require.Nil(t, empty.Gap.Ratio)
	require.Equal(t, "no_reports", empty.Declared.Reason.Code)

	clinic := p.file(report.ClinicReport, 1)
	health := p.file(report.HealthSummary, 1)
	p.file(report.AnnexXII, 1)
	require.Equal(t, "one_source_missing", hanoi().Declared.Reason.Code, "the communes have not reported")
	p.file(report.CommuneReport, 1)
	one := func(n uint64) *uint64 { return &n }
	unregistered := indicator.CoverageOf(0, 0)
	got := hanoi()
	require.Equal(t, TreatedCount{Source: "clinic_report", Reports: 1, Provinces: 1, Victims: one(214), Deaths: one(5), Coverage: unregistered}, got.Clinics)
	require.Equal(t, TreatedCount{Source: "health_summary", Reports: 1, Provinces: 1, Victims: one(1480), Deaths: one(31), Coverage: unregistered}, got.HealthDepartment)
	require.EqualValues(t, 42, *got.Facilities)
	require.EqualValues(t, 39, *got.Reporting)
	annex := *got.Employers.Victims
	require.EqualValues(t, 3, *got.Communes.Victims)
	require.Equal(t, annex+3, *got.Declared.Victims)
	require.InDelta(t, float64(annex+3)/214, *got.Gap.Ratio, 1e-12)
	require.Equal(t, int64(annex+3)-214, *got.Gap.Difference)
	require.Equal(t, int64(214-1480), *got.FacilityGap.Difference)

	p.file(report.ClinicReport, 2, "/content/treated/victims", "300", "/content/treated/died", "0", "/content/treated/factors", "[]", "/content/treated/injuries", "[]")
	amended := ask().Nation
	require.Equal(t, TreatedCount{Source: "clinic_report", Reports: 1, Provinces: 1, Victims: one(300), Deaths: one(0), Coverage: unregistered}, amended.Clinics, "0 deaths of a report is a figure")
	p.withdraw(report.ClinicReport, clinic.ReportID.String(), 3)
	p.withdraw(report.HealthSummary, health.ReportID.String(), 2)
	gone := ask().Nation
	require.Nil(t, gone.Clinics.Victims)
	require.Nil(t, gone.HealthDepartment.Victims)
	require.Nil(t, gone.Facilities)
	require.Equal(t, "one_source_missing", gone.Gap.Reason.Code)
}

func TestDiseaseFunnelFromFilingToAnswer(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Health = d.Store.(HealthFigures) })
	p.startLog()
	ask := func(query string) DiseaseFunnel {
		t.Helper()
		return read[DiseaseFunnel](p.ask(http.MethodGet, "/v1/disease-cases/funnel"+query, nil).ok())
	}
	require.Empty(t, ask("?from=2016&to=2026").Groups)
	first := p.file(report.DiseaseCaseReport, 1, "/content/benefit/paid_on", `"2025-12-27"`)
	reached := func(funnel DiseaseFunnel) (counts []uint64) {
		t.Helper()
		require.Len(t, funnel.Groups, 1)
		for _, s := range funnel.Groups[0].Stages {
			counts = append(counts, s.Reached)
		}
		return counts
	}
	all := ask("?from=2026&to=2026&by=year,province,disease,factor")
	require.Equal(t, []uint64{1, 1, 1, 1, 1, 1}, reached(all))
	group := all.Groups[0]
	require.Equal(t, []any{2026, "34", "24", "1", "dust", uint64(1)}, []any{group.Year, group.List, group.Code, group.Disease, group.Factor, group.Persons})
	require.Len(t, ask("?from=2026&to=2026&area=34:24&disease=1&stage=benefit").Groups, 1)
	require.Empty(t, ask("?from=2026&to=2026&area=34:01").Groups, "reported from Hà Nội, exposed in Bắc Ninh")
	require.Empty(t, ask("?from=2026&to=2026&stage=assessed").Groups)

	p.file(report.DiseaseCaseReport, 2, "/content/benefit", `{"kind":"compensation","amount_vnd":118800000}`)
	require.Equal(t, []uint64{1, 1, 1, 1, 1, 0}, reached(ask("?from=2026&to=2026")), "not paid after all")
	p.withdraw(report.DiseaseCaseReport, first.ReportID.String(), 3)
	require.Empty(t, ask("?from=2026&to=2026").Groups)
}

func TestExaminationReportFromFilingToStore(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	first := p.file(report.ExaminationReport, 1)
	persons := func() (n uint64) {
		t.Helper()
		row := p.store.Conn().QueryRow(t.Context(), "SELECT toUInt64(sum(examined_persons)) FROM examination_report FINAL")
		require.NoError(t, row.Scan(&n))
		return n
	}
	require.EqualValues(t, 2150, persons())
	p.file(report.ExaminationReport, 2, "/content/examined/persons", "2160")
	require.EqualValues(t, 2160, persons())
	p.withdraw(report.ExaminationReport, first.ReportID.String(), 3)
	require.Zero(t, persons())
}

func TestHealthFiguresRefuse(t *testing.T) {
	st := &noFigures{}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Health = st })
	f := func(path string, status int, code string) {
		t.Helper()
		p.ask(http.MethodGet, path, nil).problem(status, code)
		p.get(path).problem(http.StatusUnauthorized, "API-001")
	}
	f("/v1/treated-victims?period=2025", http.StatusServiceUnavailable, "API-017")
	f("/v1/disease-cases/funnel", http.StatusServiceUnavailable, "API-017")
	require.Equal(t, 9, st.asked.To-st.asked.From, "ten years up to the running one")
	q := func(path, code string) {
		t.Helper()
		p.ask(http.MethodGet, path, nil).problem(http.StatusUnprocessableEntity, code)
	}
	q("/v1/treated-victims?period=2025H2", "API-006")
	q("/v1/disease-cases/funnel?from=2025&to=2024", "API-006")
	q("/v1/disease-cases/funnel?area=01", "API-008")
	q("/v1/disease-cases/funnel?area=34:02", "API-006")
	q("/v1/disease-cases/funnel?area=34:01&geography=63", "API-006")
	none := newSmall(t)
	none.ask(http.MethodGet, "/v1/treated-victims?period=2025", nil).problem(http.StatusNotImplemented, "API-016")
	none.ask(http.MethodGet, "/v1/disease-cases/funnel", nil).problem(http.StatusNotImplemented, "API-016")
}

// noFigures is a store that does not answer.
type noFigures struct{ asked store.FunnelQuery }

func (n *noFigures) TreatedVictims(context.Context, int, store.Span, store.Geography) ([]store.TreatedVictims, error) {
	return nil, errors.New("no answer")
}

func (n *noFigures) DiseaseFunnel(_ context.Context, q store.FunnelQuery) ([]store.Funnel, error) {
	n.asked = q
	return nil, errors.New("no answer")
}
