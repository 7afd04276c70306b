package register_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/register"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

var keeper = register.Keeper{Authority: "labour", List: "34", Province: "01", Name: "Sở Nội vụ (mẫu)"}

func read(t *testing.T, text string) ([]register.Row, []register.Fault) {
	t.Helper()
	rows, faults, err := register.Read(strings.NewReader(text), keeper)
	require.NoError(t, err)
	return rows, faults
}

const whole = "\xef\xbb\xbftype,tax_code,site,name,phone,active_from,active_to,head_office,sites,industry,size_class,hazard,strict_jobs,workers,covered\r\n" +
	`establishment,0100109106-001,,"Chi nhánh ""Mẫu"", Hà Nội",024 0000,2017-03-01,,63:01 2017-03-01..2025-08-31; 34:01 2025-09-01..,1 63:24 2019-01-01..,2018:F4100,M,2017-03-01..2020-12-31;2021-06-01..,,2024=120; 2025=131,0100109106 2020-01-01..` + "\r\n" +
	"establishment,001085012345,,Hộ kinh doanh,,2025-01-01,2025-12-31,63:01 2025-01-01..,,2018:G,,,,,\r\n"

func TestRead(t *testing.T) {
	rows, faults := read(t, whole)
	require.Empty(t, faults)
	require.Len(t, rows, 2)
	require.Equal(t, 3, rows[1].Line)
	for _, row := range rows {
		s, form, err := report.Decode(row.Document)
		require.NoError(t, err)
		ctx := report.Context{Seeds: seeds.Default(), Now: time.Date(2026, time.January, 8, 9, 0, 0, 0, seeds.Local())}
		require.Empty(t, report.Check(ctx, &s, form), "%s", row.Document)
	}
	s, _, err := report.Decode(rows[0].Document)
	require.NoError(t, err)
	r := s.Content.(*report.Registration)
	require.Equal(t, `Chi nhánh "Mẫu", Hà Nội`, r.Registered.Name.Reveal())
	require.Equal(t, "0100109106-001/0", r.Registered.Unit())
	require.Equal(t, "2020-12-31", r.Hazard[0].To.String())
	require.True(t, r.Hazard[1].To.IsZero())
	require.Equal(t, report.YearWorkers{Year: 2025, Total: 131}, r.Workers[1])
}

func TestEveryOtherType(t *testing.T) {
	rows, faults := read(t, "type,tax_code,commune_code,commune_valid_from,authority,governs,services,name,active_from,head_office,revision,reason\n"+
		"commune,,00001,2025-07-01,,,,UBND,2025-01-01,63:01 2025-01-01..,,\n"+
		"authority,,,,health,34:01,,Sở Y tế,2025-07-01,34:01 2025-07-01..,,\n"+
		"service_body,0100112437,,,,,training; monitoring,Trung tâm,2025-07-01,34:01 2025-07-01..,2,đổi dịch vụ\n")
	require.Empty(t, faults)
	var units []string
	for _, row := range rows {
		s, form, err := report.Decode(row.Document)
		require.NoError(t, err)
		require.Empty(t, form)
		units = append(units, s.Content.Identity().Unit)
	}
	require.Equal(t, []string{"commune:00001@2025-07-01", "authority:health@34:01", "0100112437/0"}, units)
}

// Everything that is wrong comes at once, by line and column, and repeats nothing.
func TestFaults(t *testing.T) {
	f := func(text string, want ...register.Fault) {
		t.Helper()
		rows, faults := read(t, text)
		for i := range faults {
			require.NotEmpty(t, faults[i].VI)
			require.NotContains(t, faults[i].VI+faults[i].EN, "001085012345")
			faults[i].VI = ""
		}
		require.Equal(t, want, faults)
		require.Empty(t, rows)
	}
	f("", register.Fault{Line: 1, EN: "the file is empty"})
	f("name,name,x001085012345,type\n",
		register.Fault{Line: 1, Column: "name", EN: "the column is there twice"},
		register.Fault{Line: 1, Column: "3", EN: "there is no column of that name"},
		register.Fault{Line: 1, Column: "active_from", EN: "the column is missing"},
		register.Fault{Line: 1, Column: "head_office", EN: "the column is missing"})
	header := "type,name,active_from,head_office,workers,hazard,revision,sites\n"
	f(header+"a,b\n"+
		"establishment,\xff,2025-01-01,001085012345,2024=x,2025-01-01,-1,1 63:01\n"+
		"establishment,b\"c,2025-01-01,63:01 2025-01-01..,,,,\n"+
		"establishment,b,2025-01-01,63:01 2025-01-01..,2024,..,,\n",
		register.Fault{Line: 2, EN: "2 cells, the first line has 8"},
		register.Fault{Line: 3, Column: "name", EN: "not UTF-8"},
		register.Fault{Line: 3, Column: "head_office", EN: "element 1 is not written as it must be"},
		register.Fault{Line: 3, Column: "sites", EN: "element 1 is not written as it must be"},
		register.Fault{Line: 3, Column: "hazard", EN: "element 1 is not written as it must be"},
		register.Fault{Line: 3, Column: "workers", EN: "not a whole number from 0 on"},
		register.Fault{Line: 3, Column: "revision", EN: "not a whole number from 0 on"},
		register.Fault{Line: 4, EN: "a quote is misplaced (RFC 4180)"},
		register.Fault{Line: 5, Column: "hazard", EN: "element 1 is not written as it must be"},
		register.Fault{Line: 5, Column: "workers", EN: "not a whole number from 0 on"},
		register.Fault{Line: 5, Column: "workers", EN: "element 1 is not written as it must be"})
}

func TestSameUnitTwice(t *testing.T) {
	line := "establishment,0100109106,01,x,2025-01-01,63:01 2025-01-01..,\n"
	rows, faults := read(t, "type,tax_code,site,name,active_from,head_office,revision\n"+line+strings.Replace(line, ",01,", ",1,", 1)+strings.TrimSuffix(line, "\n")+"2\n")
	require.Len(t, rows, 2, "another revision is another row")
	require.Len(t, faults, 1)
	require.Equal(t, 3, faults[0].Line)
	require.Contains(t, faults[0].EN, "line 2")
}

func TestHostileFilesEnd(t *testing.T) {
	_, faults := read(t, "type,name,active_from,head_office\n"+strings.Repeat("x\n", 5000))
	require.Len(t, faults, 1000)
	_, faults = read(t, `type,name,active_from,head_office`+"\n\""+strings.Repeat("x\n", register.MaxBytes))
	require.NotEmpty(t, faults)
}

func TestColumn(t *testing.T) {
	for pointer, want := range map[string]string{
		"/content/registered/tax_code": "tax_code", "/content/registered/commune/valid_from": "commune_valid_from",
		"/content/registered/commune": "commune_code", "/content/active/from": "active_from", "/content/head_office/0/province/code": "head_office",
		"/content/industry/code": "industry", "/revision": "revision", "/content/reporter/province/code": "", "/content/registered/governs/code": "governs",
		"/content/workers/1/year": "workers", "/content/registered": "",
	} {
		require.Equal(t, want, register.Column(pointer), pointer)
	}
	for _, name := range register.Columns() {
		require.NotContains(t, name, " ")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("type,name,active_from,head_office,workers\na,b,c,63:01 d..;,=\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _, err := register.Read(strings.NewReader(string(data)), keeper)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if _, _, err := report.Decode(row.Document); err != nil {
				t.Fatalf("line %d makes no document: %v", row.Line, err)
			}
		}
	})
}
