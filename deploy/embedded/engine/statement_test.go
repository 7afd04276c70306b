package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseStatement(t *testing.T) {
	f := func(sql string, want statement) {
		t.Helper()
		got := parseStatement(sql)
		got.end = 0
		require.Equal(t, want, got, sql)
	}
	query := func(keyword, format string) statement { return statement{keyword: keyword, format: format} }
	f("", statement{})
	f(" /* ; */ -- x\n", statement{})
	f("select 1", query("SELECT", ""))
	f("SELECT 1 FORMAT JSON", query("SELECT", "JSON"))
	f("SELECT 1 FORMAT JSON;", query("SELECT", "JSON"))
	f("SELECT 1 format JSON settings max_threads = 1", query("SELECT", "JSON"))
	f("SELECT format FROM t", query("SELECT", ""))
	f("SELECT t.format, 'FORMAT CSV' AS x FROM t", query("SELECT", ""))
	f("SELECT (SELECT 1 FORMAT CSV)", query("SELECT", ""))
	f("(SELECT 1) UNION ALL (SELECT 2) FORMAT TSV", query("(", "TSV"))
	f("SELECT $$ ; FORMAT CSV $$, $a$ ' $$ $a$", query("SELECT", ""))
	f("SELECT 'a''b;\\'' , `a;b`, \"a\"\";\"", query("SELECT", ""))
	f("SELECT 1; SELECT 2", statement{keyword: "SELECT", multiple: true})
	f("SELECT 1; -- done\n /* x */", query("SELECT", ""))
	f("SELECT k, count() FROM t GROUP BY k WITH TOTALS", statement{keyword: "SELECT", totals: true})
	f("SELECT 1 INTO OUTFILE 'x'", statement{keyword: "SELECT", file: true})
	f("SYSTEM /**/ SHUTDOWN", statement{keyword: "SYSTEM", halt: true})
	f("SYSTEM FLUSH LOGS", query("SYSTEM", ""))
	f("INSERT INTO t SELECT 1 FORMAT CSV", query("INSERT SELECT", "CSV"))
	f("INSERT INTO t WITH 1 AS x SELECT x", query("INSERT SELECT", ""))
	f("INSERT INTO t (a) (SELECT 1)", query("INSERT", ""))
	f("INSERT INTO t", query("INSERT", ""))
	f("DESCRIBE TABLE (SELECT 1)", query("DESCRIBE", ""))

	rows := func(sql, head, format, rest string) {
		t.Helper()
		got := parseStatement(sql)
		require.True(t, got.rows, sql)
		require.Equal(t, []string{head, format, rest}, []string{got.head, got.format, sql[got.data:]}, sql)
	}
	rows("INSERT INTO t FORMAT Native", "INSERT INTO t ", "Native", "")
	rows("INSERT INTO t (a, `values`) FORMAT CSV\n1,2\n;", "INSERT INTO t (a, `values`) ", "CSV", "1,2\n;")
	rows("INSERT INTO t FORMAT TSV \r\n\n1", "INSERT INTO t ", "TSV", "\n1")
	rows("INSERT INTO t(a)VALUES(1),(';')", "INSERT INTO t(a)", "Values", "(1),(';')")
	rows("insert into values values (1)", "insert into values ", "Values", " (1)")
	rows("INSERT INTO format FORMAT JSONEachRow {\"a\":1}", "INSERT INTO format ", "JSONEachRow", "{\"a\":1}")
	rows("INSERT INTO t SETTINGS insert_deduplication_token = 'FORMAT x' FORMAT Native\x00", "INSERT INTO t SETTINGS insert_deduplication_token = 'FORMAT x' ", "Native", "\x00")
	rows("INSERT INTO FUNCTION file('x', CSV) VALUES (1)", "INSERT INTO FUNCTION file('x', CSV) ", "Values", " (1)")
}

func FuzzParseStatement(f *testing.F) {
	for _, seed := range []string{"SELECT 1", "INSERT INTO t FORMAT CSV\n1", "SELECT $a$ $a$", "'", "/*", "--", "`\\", "$", "$$", "INSERT INTO t VALUES", "SELECT 1;;", "#! x\nSELECT", "SELECT 'ắ' FORMAT \xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		st := parseStatement(sql)
		if st.data < 0 || st.data > len(sql) || st.end < 0 || st.end > len(sql) {
			t.Fatalf("offsets outside of the text: %+v", st)
		}
		if st.rows && !strings.HasPrefix(sql, st.head) {
			t.Fatalf("head %q is no beginning of the text", st.head)
		}
		if st.keyword == "" && (st.rows || st.format != "") {
			t.Fatalf("something in nothing: %+v", st)
		}
	})
}
