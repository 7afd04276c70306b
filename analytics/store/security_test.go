package store_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/analytics/trust"
	"atvsld/analytics/trust/trusttest"
)

const planted = "planted-4711"

// behindTLS puts a server that speaks TLS before the engine, as a ClickHouse server's own
// HTTPS port would, and returns the configuration that passes.
func behindTLS(t *testing.T, ours *trusttest.Authority, clients *trusttest.Authority) store.Config {
	t.Helper()
	config := shared.Config(t)
	address, err := url.Parse(config.DSN)
	require.NoError(t, err)
	if address.Scheme != "http" {
		t.Skip("the store of ATVSLD_TEST_STORE is not spoken to over HTTP")
	}
	server := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address.Host}))
	server.TLS = ours.Server(clients)
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(func() {
		server.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	address.Scheme, address.Host = "https", strings.TrimPrefix(server.URL, "https://")
	query := address.Query()
	query.Set("secure", "true")
	address.RawQuery = query.Encode()
	config.DSN = address.String()
	return config
}

func TestStoreOverTLS(t *testing.T) {
	ours, stranger := trusttest.NewAuthority(t), trusttest.NewAuthority(t)
	config := behindTLS(t, ours, ours)
	mine, theirs := ours.Issue("atvsld"), stranger.Issue("atvsld")
	for _, test := range []struct {
		name  string
		files trust.Files
		want  string
	}{
		{"right", trust.Files{CA: ours.File(), Cert: mine.CertFile, Key: mine.KeyFile}, ""},
		{"another authority", trust.Files{CA: stranger.File(), Cert: mine.CertFile, Key: mine.KeyFile}, "unknown authority"},
		{"the system's authorities", trust.Files{Cert: mine.CertFile, Key: mine.KeyFile}, "unknown authority"},
		{"no certificate", trust.Files{CA: ours.File()}, "certificate required"},
		{"a stranger's certificate", trust.Files{CA: ours.File(), Cert: theirs.CertFile, Key: theirs.KeyFile}, "certificate"},
		{"another name", trust.Files{CA: ours.File(), Cert: mine.CertFile, Key: mine.KeyFile, ServerName: "ch.example.vn"}, "ch.example.vn"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := config
			c.TLS = test.files
			s, err := store.Open(t.Context(), c)
			if test.want != "" {
				require.ErrorContains(t, err, test.want)
				return
			}
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close()) }()
			require.NoError(t, s.Migrate(t.Context()))
			_, err = s.Init(t.Context(), false)
			require.NoError(t, err)
			require.Equal(t, uint64(1), count(t, s, "SELECT count() FROM store_info"), "the reading pool as well")
		})
	}
}

// The native protocol takes the same files: no engine here speaks it, but who is let
// through is decided before a word of it.
func TestNativeOverTLS(t *testing.T) {
	ours, stranger := trusttest.NewAuthority(t), trusttest.NewAuthority(t)
	l, err := tls.Listen("tcp", "127.0.0.1:0", ours.Server(ours))
	require.NoError(t, err)
	defer l.Close()
	greeted := make(chan string, 8)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				hello := make([]byte, 1)
				if _, err := io.ReadFull(conn, hello); err == nil {
					greeted <- conn.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName
				}
			}()
		}
	}()
	mine := ours.Issue("atvsld")
	c := store.Default()
	c.DSN = fmt.Sprintf("clickhouse://user:%s@%s/db?secure=true", planted, l.Addr())
	c.TLS = trust.Files{CA: ours.File(), Cert: mine.CertFile, Key: mine.KeyFile}
	_, err = store.Open(t.Context(), c)
	require.Error(t, err, "nobody answers the greeting")
	require.NotContains(t, err.Error(), planted)
	require.Equal(t, "atvsld", <-greeted)
	c.TLS.CA = stranger.File()
	_, err = store.Open(t.Context(), c)
	require.ErrorContains(t, err, "unknown authority")
	require.NotContains(t, err.Error(), planted)
	require.Empty(t, greeted)
}

// recorder notes which user asks, and passes on.
func recorder(t *testing.T, dsn string, seen chan<- string) (host string) {
	t.Helper()
	address, err := url.Parse(dsn)
	require.NoError(t, err)
	if address.Scheme != "http" {
		t.Skip("the store of ATVSLD_TEST_STORE is not spoken to over HTTP")
	}
	user := address.User.Username()
	password, _ := address.User.Password()
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address.Host})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, _, _ := r.BasicAuth()
		if asked == "" {
			asked = r.Header.Get("X-ClickHouse-User")
		}
		select {
		case seen <- asked:
		default:
		}
		// The engine knows one user.
		r.Header.Del("X-ClickHouse-User")
		r.Header.Del("X-ClickHouse-Key")
		r.SetBasicAuth(user, password)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return strings.TrimPrefix(server.URL, "http://")
}

// What is asked to read is asked as the user that reads, and nothing is written as him.
func TestReadingHasItsOwnUser(t *testing.T) {
	config := shared.Config(t)
	seen := make(chan string, 1000)
	host := recorder(t, config.DSN, seen)
	as := func(user string) string {
		address, err := url.Parse(config.DSN)
		require.NoError(t, err)
		password, _ := address.User.Password()
		address.User, address.Host = url.UserPassword(user, password), host
		return address.String()
	}
	config.DSN, config.ReadDSN = as("writer"), as("reader")
	s, err := store.Open(t.Context(), config)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	drain(seen)
	require.NoError(t, s.Migrate(t.Context()))
	_, err = s.Init(t.Context(), false)
	require.NoError(t, err)
	require.Equal(t, []string{"writer"}, drain(seen))
	require.Equal(t, uint64(1), count(t, s, "SELECT count() FROM store_info"))
	require.Equal(t, []string{"reader"}, drain(seen))
}

// drain gives the names that were seen, each once.
func drain(seen chan string) []string {
	var names []string
	for {
		select {
		case name := <-seen:
			if len(names) == 0 || names[len(names)-1] != name {
				names = append(names, name)
			}
		default:
			return names
		}
	}
}

// A role whose user may change no schema starts on one that is up to date.
func TestMigrateOnlyReadsWhatIsDone(t *testing.T) {
	s, _ := shared.Store(t)
	before := count(t, s, "SELECT count() FROM system.tables WHERE database = currentDatabase()")
	require.NoError(t, s.Conn().Exec(t.Context(), "SELECT 1"))
	require.NoError(t, store.MigrateReading(t.Context(), s), "the reading pool refuses every other statement")
	require.Equal(t, before, count(t, s, "SELECT count() FROM system.tables WHERE database = currentDatabase()"))
}

// No error of Open, and no way to print a configuration, shows a password.
func TestNoPasswordInAnError(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := closed.Addr().String()
	require.NoError(t, closed.Close())
	answering := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(s.Close)
		return strings.TrimPrefix(s.URL, "http://")
	}
	engine, err := url.Parse(shared.Config(t).DSN)
	require.NoError(t, err)
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	userinfo := "user:" + planted + "@"
	for name, dsn := range map[string]string{
		"nobody, HTTP":         "http://" + userinfo + nobody + "/db",
		"nobody, native":       "clickhouse://" + userinfo + nobody + "/db",
		"nobody, HTTPS":        "https://" + userinfo + nobody + "/db?secure=true",
		"wrong port":           "http://" + userinfo + "127.0.0.1:port/db",
		"wrong escape":         "http://" + userinfo + "%zz/db",
		"wrong password":       "http://" + userinfo + engine.Host + "/db",
		"in the query":         "http://" + engine.Host + "/db?username=user&password=" + planted,
		"wrong scheme":         "ftp://" + userinfo + "host/db",
		"scheme after the at":  userinfo + "host:8123/db",
		"no host":              "http://" + userinfo + "/db",
		"no TLS for https":     "https://" + userinfo + "host/db",
		"TLS for http":         "http://" + userinfo + "host/db?secure=true",
		"nobody is checked":    "clickhouse://" + userinfo + "host/db?secure=true&skip_verify=true",
		"wrong duration":       "http://" + userinfo + "host/db?dial_timeout=x",
		"control character":    "http://" + userinfo + "ho\x7fst/db",
		"proxy with password":  "http://" + nobody + "/db?http_proxy=http://" + userinfo + "%25zz",
		"through such a proxy": "http://" + nobody + "/db?http_proxy=http://" + userinfo + nobody,
		"refused with a page":  "http://" + userinfo + answering(http.StatusForbidden, "no") + "/db",
		"redirected":           "http://" + userinfo + answering(http.StatusFound, "elsewhere") + "/db",
		"not ClickHouse":       "clickhouse://" + userinfo + answering(http.StatusOK, "hello") + "/db",
	} {
		t.Run(name, func(t *testing.T) {
			good := store.Default()
			good.DSN = "http://" + engine.Host + "/db"
			for _, c := range []store.Config{withDSN(dsn, ""), withDSN(dsn, dsn), withDSN(good.DSN, dsn)} {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				_, err := store.Open(ctx, c)
				require.Error(t, err)
				for e := err; e != nil; e = errors.Unwrap(e) {
					require.NotContains(t, fmt.Sprintf("%v %+v %s", e, e, e), planted)
				}
				c.TLS = trust.Files{CA: empty, Cert: empty}
				_, err = store.Open(ctx, c)
				require.Error(t, err)
				require.NotContains(t, err.Error(), planted)
				require.NotContains(t, fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c, c), planted)
				require.NotContains(t, fmt.Sprintf("%v %+v %#v", &c, &c, []store.Config{c}), planted)
			}
		})
	}
}

func withDSN(dsn, read string) store.Config {
	c := store.Default()
	c.DSN, c.ReadDSN = dsn, read
	return c
}
