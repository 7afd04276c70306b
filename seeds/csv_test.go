package seeds

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"
)

// copyOf returns the embedded tables as a file system that a test may spoil.
func copyOf(t *testing.T) fstest.MapFS {
	t.Helper()
	copied := fstest.MapFS{}
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(embedded, name)
		copied[name] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return copied
}

func TestLoadReportsFileAndLine(t *testing.T) {
	// f spoils the first occurrence of old in a table and wants every given
	// message in the one error.
	f := func(file, old, spoilt string, want ...string) {
		t.Helper()
		tables := copyOf(t)
		raw := tables["data/"+file].Data
		if !bytes.Contains(raw, []byte(old)) {
			t.Fatalf("%s does not contain %q", file, old)
		}
		tables["data/"+file].Data = bytes.Replace(raw, []byte(old), []byte(spoilt), 1)
		d, err := load(tables)
		if err == nil || d != nil {
			t.Fatalf("%s with %q loaded", file, spoilt)
		}
		for _, message := range want {
			if !strings.Contains(err.Error(), message) {
				t.Errorf("%s: error %q does not contain %q", file, err, message)
			}
		}
	}
	// Shape of the file.
	f("provinces.csv", "list,code", "code,list", "provinces.csv:1: header is")
	f("provinces.csv", "63,04,", "63,", "provinces.csv:4: wrong number of fields")
	f("provinces.csv", "Cao Bang", `Cao "Bang`, `provinces.csv:4: bare "`)
	f("accident_causes.csv", "annex_xii,2,", "annex_xii,1,", `accident_causes.csv:3: key "annex_xii/1" repeats line 2`)
	// Encoding.
	f("provinces.csv", "Hà Nội", norm.NFD.String("Hà Nội"), "provinces.csv:2: not in Unicode normal form C")
	f("provinces.csv", "Hà Nội", "H\xe0 N\xf4i", "provinces.csv:2: not UTF-8")
	f("provinces.csv", "Hà Nội,", "Hà Nội ,", "provinces.csv:2: name_vi: space")
	f("provinces.csv", "Hà Nội,", "Hà\tNội,", "provinces.csv:2: name_vi: space around the text or a control character")
	// Cells.
	f("provinces.csv", "Hà Nội,", ",", "provinces.csv:2: name_vi: empty")
	f("provinces.csv", "63,01,", "63,1,", `provinces.csv:2: code: "1" is not two digits`)
	f("provinces.csv", "63,01,", "64,01,", `provinces.csv:2: list: "64" is not one of`)
	f("provinces.csv", "2025-06-30", "2025-06-31", `provinces.csv:2: valid_to: "2025-06-31": no such date`)
	f("provinces.csv", "2026-04-30", "", "kind_from and kind_before go together")
	f("province_tiles.csv", "HN,3,2", "HN,x,2", `province_tiles.csv:2: col: "x" is not a whole number`)
	f("vsic_sections.csv", "2018,A,", "2018,1,", `vsic_sections.csv:2: code: "1" is not one letter`)
	f("vsic_sections.csv", "2018-08-20,2025-11-14", "2018-08-20,2018-08-19", "vsic_sections.csv:2: valid_to 2018-08-19 is before valid_from")
	f("targets.csv", "96,100", "0,100", "targets.csv:2: threshold 0/100 is not positive")
	f("targets.csv", "96,100", "104,100", "targets.csv:2: threshold 104/100 goes against direction down")
	f("targets.csv", "milestone,,", "milestone,1,1", "threshold_num")
	f("occupational_diseases.csv", "J62.8,UNVERIFIED", "J62.8,", "occupational_diseases.csv:2: icd10 and icd10_status go together")
	f("published_statistics.csv", ",S,", ",maybe,", `published_statistics.csv:2: status: "maybe"`)
	// References between tables.
	f("provinces.csv", "63,02,Hà Giang,Ha Giang,province,,,,2025-06-30,08", "63,02,Hà Giang,Ha Giang,province,,,,2025-06-30,09", `provinces.csv: 63/02: successor "09" is not in list 34`)
	f("provinces.csv", "2025-06-30", "2025-06-29", "leaves a gap before list 34")
	f("provinces.csv", "15,yes", "15,no", "code 15: code_reused is wrong")
	f("provinces.csv", "63,02,Hà Giang", "63,02,Hà Nội", "a name repeats")
	f("provinces.csv", "63,01,", "63,00,", "63/01: no such province")
	f("province_tiles.csv", "HN,3,2", "HN,4,0", "is taken or outside")
	f("vsic_sections.csv", ",2025-11-15,,A,", ",2025-11-15,,Z,", `2025/A: nearest_2018 "Z" is no section`)
	f("vsic_sections.csv", ",2025-11-15,,A,", ",2025-11-14,,A,", "vsic_sections.csv: code A of lists 2018 and 2025: validity overlaps")
	f("serious_injuries.csv", "011,01,", "011,012,", `serious_injuries.csv: 011: parent "012" is no group`)
	f("regions.csv", "15 19 20 25", "15 19 25", "regions.csv: 96 provinces in regions, 97 in the lists")
	f("regions.csv", "15 19 20 25", "01 15 19 20 25", "regions.csv: 34/01 lies in R1 and in R2")
	f("regions.csv", "34,R1", "34,10", `code: "10" could be that of a province`)
	f("worker_classes.csv", ",10,,", ",1,,", "1-9 and 10-49 begin with the same number of workers")
	f("targets.csv", "D31-1,D31,", "D31-1,D32,", `targets.csv: D31-1: no plan "D32"`)
	f("targets.csv", "2024-03-19", "2024-03-18", "targets.csv: D31-1: outside the validity of plan D31")
	f("published_statistics.csv", "Phú Yên", "Phú Uyên", `no province "Phú Uyên" in list 63`)
}

func TestLoadReportsEveryMistake(t *testing.T) {
	tables := copyOf(t)
	delete(tables, "data/plans.csv")
	tables["data/injury_factors.csv"].Data = bytes.ReplaceAll(tables["data/injury_factors.csv"].Data, []byte(",UNVERIFIED,"), []byte(",?,"))
	header, _, _ := bytes.Cut(tables["data/harmful_factors.csv"].Data, []byte("\n"))
	tables["data/harmful_factors.csv"].Data = header
	_, err := load(tables)
	if err == nil {
		t.Fatal("spoiled tables loaded")
	}
	for _, want := range []string{
		"data/plans.csv", "harmful_factors.csv:1: no rows",
		"injury_factors.csv:11:", "injury_factors.csv:16:",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not contain %q", err, want)
		}
	}
}

// Whatever stands in a table, loading answers with data or with errors that name the table.
func FuzzReadTable(f *testing.F) {
	raw, err := fs.ReadFile(embedded, "data/accident_causes.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("list,code\n"))
	f.Add([]byte("\xef\xbb\xbflist"))
	f.Add([]byte("list code\r\n\"\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		const file = "accident_causes.csv"
		l := &loader{fsys: fstest.MapFS{path.Join("data", file): {Data: raw}}}
		causes := l.causes()
		if len(l.errs) == 0 && len(causes.rows) == 0 {
			t.Fatal("neither rows nor an error")
		}
		for _, err := range l.errs {
			if !strings.HasPrefix(err.Error(), file+":") {
				t.Fatalf("error without file and line: %v", err)
			}
		}
	})
}
