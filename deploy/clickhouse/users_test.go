package clickhouse_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
)

var update = flag.Bool("update", false, "write the rights that follow from the migrations into users.sql")

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

// auditTable: those of the audit are appended to by the auditor's role alone.
func auditTable(name string) bool { return strings.HasPrefix(name, "audit") }

// blocks are the lists of grants in users.sql that follow from the migrations.
func blocks(t *testing.T) map[string][]string {
	t.Helper()
	tables, err := store.Tables()
	require.NoError(t, err)
	require.Contains(t, tables, "report_log")
	all := map[string][]string{}
	grant := func(block, rights, table, role string) {
		all[block] = append(all[block], fmt.Sprintf("GRANT %s ON atvsld.%s TO %s;", rights, table, role))
	}
	for _, table := range tables {
		switch {
		case auditTable(table):
			grant("audit", "SELECT, INSERT", table, "atvsld_auditor")
		case table == "schema_migration": // written by migrations alone
			grant("reading", "SELECT", table, "atvsld_reader")
			grant("writing", "SELECT", table, "atvsld_writer")
		default:
			grant("reading", "SELECT", table, "atvsld_reader")
			grant("writing", "SELECT, INSERT", table, "atvsld_writer")
		}
	}
	return all
}

// Every table of the schema has its rights: a migration that makes one and forgets them
// fails here.
func TestRightsFollowTheMigrations(t *testing.T) {
	raw, err := os.ReadFile("users.sql")
	require.NoError(t, err)
	text := string(raw)
	expected := blocks(t)
	for _, block := range []string{"reading", "writing", "audit"} {
		pattern := regexp.MustCompile(`(?s)(-- begin: ` + block + "\n)(.*?)(-- end: " + block + "\n)")
		found := pattern.FindStringSubmatch(text)
		require.NotNil(t, found, block)
		want := strings.Join(append(expected[block], ""), "\n")
		if *update {
			text = pattern.ReplaceAllString(text, "${1}"+want+"${3}")
			continue
		}
		require.Equal(t, want, found[2], "run: go test ./deploy/clickhouse -update")
	}
	if *update {
		require.NoError(t, os.WriteFile("users.sql", []byte(text), 0o600))
	}
}

func statements(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("users.sql")
	require.NoError(t, err)
	var all []string
	for statement := range strings.SplitSeq(regexp.MustCompile(`(?m)^--.*\n`).ReplaceAllString(string(text), ""), ";\n") {
		if statement = strings.TrimSpace(statement); statement != "" {
			all = append(all, statement)
		}
	}
	return all
}

// Nobody gets more than the lists above say, and nobody can sign in without a password.
func TestNobodyIsGrantedMore(t *testing.T) {
	owner := regexp.MustCompile(`^GRANT .* TO (\w+, )*atvsld_owner$`)
	allowed := regexp.MustCompile(`^GRANT (SELECT|SELECT, INSERT) ON (atvsld|system)\.\w+ TO \w+(, \w+)*$`)
	role := regexp.MustCompile(`^GRANT atvsld_\w+(, atvsld_\w+)* TO atvsld_\w+$`)
	for _, s := range statements(t) {
		switch {
		case strings.HasPrefix(s, "GRANT"):
			require.True(t, owner.MatchString(s) || allowed.MatchString(s) || role.MatchString(s), s)
			require.NotContains(t, s, "GRANT OPTION")
			require.NotContains(t, s, "ALL")
		case strings.HasPrefix(s, "CREATE USER"):
			require.Contains(t, s, "IDENTIFIED WITH no_authentication HOST NONE", s)
			require.Contains(t, s, "SETTINGS PROFILE", s)
		default:
			require.Regexp(t, "^CREATE (ROLE|SETTINGS PROFILE|QUOTA) IF NOT EXISTS", s)
		}
		require.NotRegexp(t, `(?i)IDENTIFIED[^;]* BY `, s, "a password in a file")
	}
}

// The limits leave the program what it asks for by itself.
func TestLimitsFitTheProgram(t *testing.T) {
	text, err := os.ReadFile("users.sql")
	require.NoError(t, err)
	c := store.Default()
	for setting, asked := range map[string]uint64{
		"max_execution_time": uint64(c.QueryTimeout.Seconds()), "max_memory_usage": c.QueryMemory, "max_threads": uint64(c.QueryThreads),
	} {
		found := regexp.MustCompile(`(?s)atvsld_reading SETTINGS.*?` + setting + ` = \d+ MIN (\d+) MAX (\d+)`).FindSubmatch(text)
		require.NotNil(t, found, setting)
		var low, high uint64
		_, err := fmt.Sscan(string(found[1])+" "+string(found[2]), &low, &high)
		require.NoError(t, err)
		require.GreaterOrEqual(t, asked, low, setting)
		require.LessOrEqual(t, asked, high, setting)
	}
}

// Codes of ClickHouse's refusals: not in a place to keep users in, which the library has
// not; and a role that for this reason is not there.
const accessDenied, unknownRole = 497, 511

// The library's own parser takes every statement, and refuses to keep users and roles. What
// they can then do, only a server shows.
func TestStatementsAreSQL(t *testing.T) {
	conn := connect(t)
	for _, s := range statements(t) {
		code, refused := store.Code(conn.Exec(t.Context(), s))
		require.True(t, refused, s)
		require.Contains(t, []int32{accessDenied, unknownRole}, code, s)
	}
	code, _ := store.Code(conn.Exec(t.Context(), "CREATE ROLES atvsld_reader"))
	require.Equal(t, int32(62), code, "what is no SQL is told from that")
}

// Every setting that a profile names is one of ClickHouse's.
func TestSettingsExist(t *testing.T) {
	conn := connect(t)
	setting := regexp.MustCompile(`(?m)^    (\w+) = `)
	for _, s := range statements(t) {
		if !strings.HasPrefix(s, "CREATE SETTINGS PROFILE") {
			continue
		}
		found := setting.FindAllStringSubmatch(s, -1)
		require.NotEmpty(t, found)
		for _, name := range found {
			var n uint64
			require.NoError(t, conn.QueryRow(t.Context(), "SELECT count() FROM system.settings WHERE name = '"+name[1]+"'").Scan(&n))
			require.Equal(t, uint64(1), n, name[1])
		}
	}
}

func connect(t *testing.T) driver.Conn {
	t.Helper()
	if os.Getenv("ATVSLD_TEST_STORE") != "" {
		t.Skip("a test makes no users on a server")
	}
	options, err := clickhouse.ParseDSN(shared.Config(t).DSN)
	require.NoError(t, err)
	conn, err := clickhouse.Open(options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

// The server's configuration is XML, and every listener in it is one with TLS.
func TestServerConfiguration(t *testing.T) {
	text, err := os.ReadFile("config.d/atvsld.xml")
	require.NoError(t, err)
	var config struct {
		Plain       []string `xml:"http_port"`
		PlainNative []string `xml:"tcp_port"`
		HTTPS       int      `xml:"https_port"`
		Native      int      `xml:"tcp_port_secure"`
		OpenSSL     struct {
			Server struct {
				Certificate string `xml:"certificateFile"`
				Key         string `xml:"privateKeyFile"`
				CA          string `xml:"caConfig"`
				Mode        string `xml:"verificationMode"`
				Disabled    string `xml:"disableProtocols"`
			} `xml:"server"`
		} `xml:"openSSL"`
	}
	require.NoError(t, xml.Unmarshal(text, &config))
	require.Equal(t, []int{8443, 9440}, []int{config.HTTPS, config.Native})
	require.Equal(t, []string{""}, config.Plain, "removed")
	require.Equal(t, []string{""}, config.PlainNative, "removed")
	require.Contains(t, string(text), `<http_port remove="1"/>`)
	require.Contains(t, string(text), `<tcp_port remove="1"/>`)
	server := config.OpenSSL.Server
	require.Equal(t, "strict", server.Mode, "a client without a certificate is not heard")
	require.NotEmpty(t, server.Certificate)
	require.NotEmpty(t, server.Key)
	require.NotEmpty(t, server.CA)
	require.Contains(t, server.Disabled, "tlsv1_1")
}
