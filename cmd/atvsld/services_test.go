package main

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"

	"atvsld/analytics/trust/trusttest"
)

// services are the examples that are shipped.
const services = "../../deploy/systemd"

// hardening are lines without which no service is shipped.
var hardening = []string{
	"User=atvsld", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
	"PrivateDevices=yes", "ProtectKernelModules=yes", "ProtectControlGroups=yes", "RestrictSUIDSGID=yes", "RestrictNamespaces=yes",
	"LockPersonality=yes", "MemoryDenyWriteExecute=yes", "SystemCallArchitectures=native", "SystemCallFilter=@system-service",
	"UMask=0077", "LimitCORE=0",
}

// service is a unit as far as it says what is run with which variables.
type service struct {
	lines []string
	role  string
	// variables are its own and those of its files; credentials the files that it is given.
	variables   map[string]string
	credentials map[string]string
}

func readService(t *testing.T, file string) service {
	t.Helper()
	s := service{variables: map[string]string{}, credentials: map[string]string{}}
	s.lines = linesOf(t, file)
	for _, line := range s.lines {
		name, value, _ := strings.Cut(line, "=")
		switch name {
		case "ExecStart":
			s.role = strings.TrimPrefix(value, "/usr/local/bin/atvsld ")
		case "EnvironmentFile":
			for _, v := range linesOf(t, filepath.Join(services, filepath.Base(value))) {
				s.set(v)
			}
		case "Environment":
			for v := range strings.FieldsSeq(value) {
				s.set(v)
			}
		case "LoadCredential":
			id, path, _ := strings.Cut(value, ":")
			s.credentials[id] = path
		}
	}
	return s
}

func (s service) set(assignment string) {
	name, value, _ := strings.Cut(assignment, "=")
	s.variables[name] = value
}

func linesOf(t *testing.T, file string) (lines []string) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		if line := strings.TrimSpace(scanner.Text()); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// flagVariables are the variables that a role reads.
func flagVariables(t *testing.T, role string) (names []string) {
	t.Helper()
	commands := root().Commands
	at := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.Name == role })
	require.GreaterOrEqual(t, at, 0, "there is no role %q", role)
	for _, f := range commands[at].Flags {
		names = append(names, "ATVSLD_"+strings.ToUpper(strings.ReplaceAll(f.Names()[0], "-", "_")))
	}
	return names
}

// Every service that is shipped starts: the real program takes what stands in its files,
// and every variable there is one that somebody reads.
func TestShippedServicesAreValid(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(services, "*.service"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	etc := etcFolder(t)
	var known []string
	for _, file := range files {
		known = append(known, flagVariables(t, readService(t, file).role)...)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := readService(t, file)
			require.Equal(t, "atvsld-"+s.role+".service", filepath.Base(file))
			for _, line := range hardening {
				require.Contains(t, s.lines, line)
			}
			own := flagVariables(t, s.role)
			cmd := command(t, s.role, "--check-config")
			cmd.Env = []string{"HOME=/nonexistent"}
			for name, value := range s.variables {
				require.Contains(t, known, name, "no flag reads it")
				if id, ok := strings.CutPrefix(value, "%d/"); ok {
					require.Contains(t, own, name)
					require.Contains(t, s.credentials, id)
					value = s.credentials[id]
				}
				cmd.Env = append(cmd.Env, name+"="+strings.Replace(value, "/etc/atvsld", etc, 1))
			}
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.Equal(t, "configuration is valid\n", string(out))
		})
	}
	for _, file := range []string{"gateway", "sink", "api", "forwarder"} {
		own := flagVariables(t, file)
		for _, line := range linesOf(t, filepath.Join(services, file+".env")) {
			name, _, _ := strings.Cut(line, "=")
			require.Contains(t, own, name, "%s.env", file)
		}
	}
}

// etcFolder is what an administrator puts into /etc/atvsld.
func etcFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	ours := trusttest.NewAuthority(t)
	pair := ours.Issue("atvsld")
	write("tls/ca.pem", string(ours.PEM()))
	write("tls/client.pem", string(pair.Cert))
	write("tls/client.key", string(pair.Key))
	for _, user := range []string{"write", "read", "migrate"} {
		write("secrets/clickhouse-"+user, "https://atvsld_"+user+":secret@ch.example.vn:8443/atvsld?secure=true\n")
	}
	write("secrets/kafka-password", "secret\n")
	return dir
}
