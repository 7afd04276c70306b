package summary_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/native"
	"atvsld/analytics/store/storetest"
	"atvsld/analytics/summary"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

var update = flag.Bool("update", false, "write the golden files")

// filer stores contents as the sink does, without the log.
type filer struct {
	t      *testing.T
	store  *store.Store
	epoch  uuid.UUID
	offset uint64
	maker  *summary.Maker
}

func newFiler(t *testing.T) *filer {
	s, info := shared.Store(t)
	return &filer{t: t, store: s, epoch: info.Epoch, maker: summary.New(s, seeds.Default())}
}

// file stores the given revision of each submission of one kind.
func (f *filer) file(kind report.Kind, all []report.Submission) {
	f.t.Helper()
	d, ok := report.Lookup(kind)
	require.True(f.t, ok)
	heads := make([]store.Head, len(all))
	for i, s := range all {
		id := s.ReportID
		if !d.Event {
			id = report.ReportID(kind, s.Content.Identity())
		}
		identity := s.Content.Identity()
		heads[i] = store.Head{
			ReportID: id, Revision: s.Revision, StatYear: uint16(identity.StatYear), Period: identity.Period, Unit: identity.Unit,
			FiledAt: s.ReceivedAt, ReceivedAt: s.ReceivedAt,
			Position: store.Position{Epoch: f.epoch, Partition: binary.BigEndian.Uint16(id[14:]) % 4, Offset: f.offset + uint64(i)},
		}
	}
	columns := make([]native.Column, len(d.Columns))
	for i, c := range d.Columns {
		columns[i] = native.Column{Name: c.Name, Write: func(cells *native.Cells, row int) { c.Write(cells, all[row].Content) }}
	}
	token := fmt.Sprintf("%s/topic/0/%d-%d/v1", f.epoch, f.offset, f.offset+uint64(len(all))-1)
	require.NoError(f.t, f.store.InsertCurrent(f.t.Context(), token, d.Table, heads, columns))
	f.offset += uint64(len(all))
}

func (f *filer) summary(area seeds.ProvinceRef, period string) *summary.Summary {
	f.t.Helper()
	s, err := f.maker.Summary(access.System(f.t.Context()), summary.Request{Area: area, Period: period})
	require.NoError(f.t, err)
	return s
}

func ref(list seeds.ProvinceList, code string) seeds.ProvinceRef {
	return seeds.ProvinceRef{List: list, Code: code}
}

func annex(taxCode string, at seeds.ProvinceRef, kind string, industry report.Industry, workers, victims uint32, covers ...report.TaxCode) report.Submission {
	return report.Submission{Kind: report.AnnexXII, Revision: 1, ReceivedAt: time.Date(2025, 1, 8, 9, 0, 0, 0, seeds.Local()), Content: &report.Annex{
		Reporter: report.Reporter{Type: report.Establishment, TaxCode: report.TaxCode(taxCode), Province: at, EstablishmentType: kind},
		Period:   "2024", Industry: industry, Workers: report.Workers{Total: workers, Women: workers / 4}, CoversBranches: covers,
		Rows: []report.AnnexRow{
			{Block: report.BlockAccidents, Measures: report.Measures{Accidents: victims, AccidentsFatal: 1, Victims: victims, Women: 1, Deaths: 1, Serious: victims - 2}},
			{Block: report.BlockCause, Code: "3", Measures: report.Measures{Accidents: victims - 1, AccidentsFatal: 1, Victims: victims - 1, Women: 1, Deaths: 1, Serious: victims - 2}},
			{Block: report.BlockFactor, Code: "1", Measures: report.Measures{Accidents: victims, AccidentsFatal: 1, Victims: victims, Women: 1, Deaths: 1, Serious: victims - 2}},
			{Block: report.BlockOccupation, Code: "7111", Measures: report.Measures{Accidents: victims, AccidentsFatal: 1, Victims: victims, Women: 1, Deaths: 1, Serious: victims - 2}},
			{Block: report.BlockCommuting, Measures: report.Measures{Accidents: 1, Victims: 1}},
		},
		Damage: report.Damage{DaysOff: 10 * uint64(victims), CostTotal: 300, CostMedical: 100, CostWages: 100, CostCompensation: 100, Property: 7},
	}}
}

func commune(code string, at seeds.ProvinceRef, workers *uint32) report.Submission {
	return report.Submission{Kind: report.CommuneReport, Revision: 1, ReceivedAt: time.Date(2025, 1, 3, 9, 0, 0, 0, seeds.Local()), Content: &report.Commune{
		Reporter: report.Reporter{Type: report.CommuneReporter, Commune: &report.CommuneRef{Code: code, ValidFrom: seeds.MustDate(2004, 7, 8)}, Province: at},
		Period:   "2024", WorkersWithoutContract: workers,
		Total:  report.Measures{Accidents: 2, AccidentsFatal: 1, Victims: 3, Women: 1, Deaths: 1, Serious: 1},
		Causes: []report.CauseRow{{Code: "8", Measures: report.Measures{Accidents: 1, AccidentsFatal: 1, Victims: 2, Deaths: 1, Serious: 1}}},
	}}
}

var (
	haGiang    = ref(seeds.List63, "02")
	tuyenQuang = ref(seeds.List63, "08")
	building   = report.Industry{Version: "2018", Code: "F4100"}
	making     = report.Industry{Version: "2018", Code: "C10"}
)

// fileExample files five employers of two old provinces that became one, a branch that
// its head office reports for, and two communes.
func fileExample(f *filer) {
	workers := uint32(5200)
	f.file(report.AnnexXII, []report.Submission{
		annex("0100109106", haGiang, "DNNN", building, 1000, 5, "0100109106-001"),
		annex("0100109106-001", tuyenQuang, "DNNN", building, 4000, 9),
		annex("0100112437", haGiang, "", making, 3000, 4),
		annex("0200109107", tuyenQuang, "TNHH", building, 500, 3),
		annex("0300109108", ref(seeds.List63, "01"), "TNHH", making, 200, 3),
	})
	f.file(report.CommuneReport, []report.Submission{commune("00001", haGiang, &workers), commune("00002", tuyenQuang, nil)})
}

// The workbook is laid out like the form; people read this file when it changes.
func TestWorkbookIsTheForm(t *testing.T) {
	f := newFiler(t)
	fileExample(f)
	got := f.summary(ref(seeds.List34, "08"), "2024")
	got.AsOf = nil
	var book bytes.Buffer
	require.NoError(t, got.WriteWorkbook(&book))
	compareGolden(t, "testdata/workbook.txt", printed(t, book.Bytes()))
	var lines strings.Builder
	for _, row := range append([][]string{summary.Header()}, got.Table()...) {
		require.Len(t, row, len(summary.Header()))
		lines.WriteString(strings.Join(row, ";") + "\n")
	}
	compareGolden(t, "testdata/table.txt", lines.String())
}

func printed(t *testing.T, book []byte) string {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(book))
	require.NoError(t, err)
	defer x.Close()
	var out strings.Builder
	for _, sheet := range x.GetSheetList() {
		out.WriteString("== " + sheet + "\n")
		rows, err := x.GetRows(sheet)
		require.NoError(t, err)
		for _, row := range rows {
			out.WriteString(strings.TrimRight(strings.Join(row, " | "), " |") + "\n")
		}
	}
	return out.String()
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "a wanted change: go test ./analytics/summary -update")
}

func TestRatesAreExact(t *testing.T) {
	f := newFiler(t)
	fileExample(f)
	s := f.summary(ref(seeds.List34, "08"), "2024")
	total := s.Contract.Total
	require.EqualValues(t, 3, s.Contract.Reports, "the branch is in its parent's report")
	require.InDelta(t, 12*1000/4500., *total.KAccidents.Value, 0)
	require.Equal(t, "2,67", total.KAccidents.Display)
	require.Equal(t, "0,67", total.KDeaths.Display)
	require.Equal(t, "no_register", total.KDeathsAll.Reason.Code)
	require.Nil(t, total.Establishments.Value)
	require.EqualValues(t, 5200, *s.NoContract.Workers.Value)
	require.EqualValues(t, 1, s.NoContract.UnknownWorkers)
	again, err := f.maker.Summary(access.System(t.Context()), summary.Request{Area: ref(seeds.List34, "08"), Period: "2024", Factor: 100000})
	require.NoError(t, err)
	require.Equal(t, "266,67", again.Contract.Total.KAccidents.Display)

	// Each old province by itself; the branch's is where the parent is.
	require.EqualValues(t, 2, f.summary(haGiang, "2024").Contract.Reports)
	require.EqualValues(t, 1, f.summary(tuyenQuang, "2024").Contract.Reports)
	// Nothing of the half-year follows from the year.
	half := f.summary(seeds.ProvinceRef{}, "2024H1")
	require.Zero(t, half.Contract.Reports)
	require.Equal(t, "no_reports", half.Contract.Total.Victims.Reason.Code)
	require.Equal(t, "no_reports", half.Differences[0].Difference.Reason.Code)
}

func TestRequestsAreChecked(t *testing.T) {
	m := summary.New(nil, seeds.Default())
	for want, req := range map[error]summary.Request{
		summary.ErrPeriod: {Period: "2024H2"}, summary.ErrArea: {Period: "2024", Area: ref("34", "99")}, summary.ErrFactor: {Period: "2024", Factor: -1},
	} {
		_, err := m.Summary(access.System(t.Context()), req)
		require.ErrorIs(t, err, want)
	}
}
