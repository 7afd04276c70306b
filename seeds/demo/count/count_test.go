package count_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo/count"
)

var (
	hanoi = seeds.ProvinceRef{List: seeds.List63, Code: "01"}
	at    = time.Date(2024, time.March, 5, 10, 0, 0, 0, seeds.Local())
	one   = uuid.MustParse("018e0d1c-0000-7000-8000-000000000001")
	two   = uuid.MustParse("018e0d1c-0000-7000-8000-000000000002")
)

func declaration(id, accident uuid.UUID, revision uint32, victims ...report.Victim) report.Submission {
	return report.Submission{Kind: report.AccidentDeclaration, ReportID: id, Revision: revision, ReceivedAt: at,
		Content: &report.Accident{AccidentID: report.UUID(accident), OccurredAt: at, Place: report.Place{Province: hanoi}, Victims: victims}}
}

func dead(name, number string) report.Victim {
	return report.Victim{Name: report.Private(name), IDNumber: report.Private(number), BirthYear: "1990", Sex: report.Male,
		Severity: report.Dead, Employment: report.Contract}
}

func counted(t *testing.T, submissions ...report.Submission) count.Totals {
	t.Helper()
	c := count.New(seeds.Default())
	for _, s := range submissions {
		require.NoError(t, c.Add(s))
	}
	return c.Totals()
}

func TestTwoDeclarationsOfOneAccident(t *testing.T) {
	got := counted(t,
		declaration(one, uuid.Nil, 1, dead("A", "001090000001"), dead("B", "001090000002")),
		declaration(two, one, 1, dead("a", ""), dead("C", "001090000003"))) // A again, by name
	require.EqualValues(t, 1, got.National(count.FatalAccidents, 2024))
	require.EqualValues(t, 3, got.National(count.Deaths, 2024))
	require.EqualValues(t, 3, got.Province(count.Deaths, 2024, hanoi))
	require.EqualValues(t, 3, got[count.Cell{Measure: count.Deaths, Year: 2024, Half: true, Part: count.WithContract}])
}

func TestWithdrawalAndAmendment(t *testing.T) {
	serious := dead("A", "001090000001")
	serious.Severity = report.Serious
	withdrawn := report.Submission{Kind: report.AccidentDeclaration, ReportID: one, Revision: 3, Withdrawn: true}
	require.Empty(t, counted(t, declaration(one, uuid.Nil, 1, serious)))
	require.EqualValues(t, 1, counted(t, declaration(one, uuid.Nil, 2, dead("A", "001090000001")),
		declaration(one, uuid.Nil, 1, serious)).National(count.Deaths, 2024))
	require.Empty(t, counted(t, withdrawn, declaration(one, uuid.Nil, 2, dead("A", "001090000001"))))
}

func annex(code report.TaxCode, accidents uint32, covers ...report.TaxCode) report.Submission {
	return report.Submission{Kind: report.AnnexXII, Revision: 1, ReceivedAt: at, Content: &report.Annex{
		Reporter: report.Reporter{Type: report.Establishment, TaxCode: code, Province: hanoi}, Period: "2024", CoversBranches: covers,
		Rows: []report.AnnexRow{
			{Block: report.BlockAccidents, Measures: report.Measures{Accidents: accidents, Victims: accidents}},
			{Block: report.BlockCommuting, Measures: report.Measures{Accidents: 1, Victims: 1}},
		}}}
}

func TestCoveredBranchCountsOnce(t *testing.T) {
	branch := annex("0100109106-001", 2)
	require.EqualValues(t, 7, counted(t, annex("0100109106", 5), branch).National(count.Accidents, 2024))
	got := counted(t, annex("0100109106", 5, "0100109106-001"), branch)
	require.EqualValues(t, 5, got.National(count.Accidents, 2024))
	require.EqualValues(t, 1, got.National(count.CommutingAll, 2024))
	require.Equal(t, got.National(count.Accidents, 2024), got[count.Cell{Measure: count.Accidents, Year: 2024, Part: count.WithContract}])
}

func monitoring(campaign uint32, received time.Time, ref seeds.ProvinceRef) report.Submission {
	return report.Submission{Kind: report.MonitoringReport, Revision: 1, ReceivedAt: received, Content: &report.Monitoring{
		Reporter: report.Reporter{Type: report.Establishment, TaxCode: "0100109106"}, SiteProvince: ref, Period: "2025", Campaign: campaign,
		Body: report.Body{TaxCode: "0100109106"}, Factors: []report.Factor{{Factor: "noise", Samples: 10, Over: 1}}}}
}

func TestSiteCountsOnceWhereFirstFiled(t *testing.T) {
	former, current := seeds.ProvinceRef{List: seeds.List63, Code: "74"}, seeds.ProvinceRef{List: seeds.List34, Code: "79"}
	got := counted(t, monitoring(2, at.AddDate(1, 6, 0), current), monitoring(1, at.AddDate(1, 0, 0), former))
	require.EqualValues(t, 1, got.National(count.MonitoredSites, 2025))
	require.EqualValues(t, 1, got.Province(count.MonitoredSites, 2025, former))
	require.EqualValues(t, 1, got.Province(count.MonitoredSites, 2025, current))
	require.EqualValues(t, 20, got.National(count.Samples, 2025))
	unknown := count.Cell{Measure: count.Samples, Year: 2025, Geography: count.List63}
	require.EqualValues(t, 10, got[unknown], "filed under the merged unit: the former one is not known")
}

func TestReportNeedsAName(t *testing.T) {
	c := count.New(seeds.Default())
	require.Error(t, c.Add(report.Submission{Kind: report.AccidentDeclaration, Content: &report.Accident{}}))
	require.Error(t, c.Add(report.Submission{Kind: report.AnnexXII, Withdrawn: true}))
}
