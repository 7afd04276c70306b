package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/urfave/cli/v3"

	"atvsld/analytics/audit"
	"atvsld/api"
	"atvsld/ingest/seal"
)

const (
	auditPath  = "/v1/audit"
	ndjsonType = "application/x-ndjson"
)

// errTampered is what audit verify ends with when something is wrong.
var errTampered = errors.New("the audit log was tampered with, or is not whole")

// auditCommand reads the audit log of a platform that runs, or a file of it.
func auditCommand() *cli.Command {
	return &cli.Command{
		Name: "audit", Usage: "the record of who looked at what: export and verify it",
		Commands: []*cli.Command{auditVerifyCommand(), auditExportCommand()},
	}
}

// auditSource is where the log comes from.
type auditSource struct{ url, tokenFile string }

func (a *auditSource) flags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "url", Value: "http://127.0.0.1:8080", Usage: "address of the platform", Destination: &a.url, Sources: env("url")},
		&cli.StringFlag{Name: "token-file", Value: "data/keys/local-token", Usage: "file that holds the token", Destination: &a.tokenFile, Sources: env("token-file")},
	}, more...)
}

// open asks the platform for the whole log.
func (a *auditSource) open(ctx context.Context) (io.ReadCloser, error) {
	client, err := newLetterClient(a.url, a.tokenFile)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, client.url+auditPath, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask for the audit log: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+client.token)
	request.Header.Set("Accept", ndjsonType)
	client.http.Timeout = 0 // it takes as long as it takes
	response, err := client.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask for the audit log (is the platform running? --url says where): %w", err)
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		data, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
		return nil, refusal(response.Status, data)
	}
	return response.Body, nil
}

// keys asks the platform for the keys that it publishes.
func (a *auditSource) keys(ctx context.Context) (audit.Keys, error) {
	client, err := newLetterClient(a.url, a.tokenFile)
	if err != nil {
		return nil, err
	}
	var published api.Keys
	if err := client.ask(ctx, http.MethodGet, client.url+auditPath+"/keys", nil, &published); err != nil {
		return nil, err
	}
	var all []ed25519.PublicKey
	for _, key := range published.Keys {
		raw, err := base64.RawURLEncoding.DecodeString(key.X)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("the platform publishes a key %q that is none", plain(key.KeyID))
		}
		all = append(all, raw)
	}
	return audit.KeysOf(all...), nil
}

func auditExportCommand() *cli.Command {
	var from auditSource
	var output string
	return &cli.Command{
		Name: "export", Usage: "write the whole audit log as NDJSON, for atvsld audit verify --file",
		Flags: from.flags(&cli.StringFlag{Name: "output", Usage: "file to write; standard output if empty", Destination: &output}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("audit export takes no arguments, got %q", c.Args().First())
			}
			log, err := from.open(ctx)
			if err != nil {
				return err
			}
			defer log.Close()
			if output == "" {
				_, err = io.Copy(c.Root().Writer, log)
				return err
			}
			file, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return fmt.Errorf("--output: %w", err)
			}
			_, err = io.Copy(file, log)
			return errors.Join(err, file.Close())
		},
	}
}

// auditCheck is a verification of the audit log.
type auditCheck struct {
	from              auditSource
	file              string
	keyFiles          []string
	heads, writeHeads string
}

func auditVerifyCommand() *cli.Command {
	var a auditCheck
	return &cli.Command{
		Name:  "verify",
		Usage: "check hashes, numbers, signatures and what chains say of each other; whatever is wrong is one line, and the end is an error",
		Flags: a.from.flags(
			&cli.StringFlag{Name: "file", Usage: "an export in place of a platform; with --key", Destination: &a.file},
			&cli.StringSliceFlag{Name: "key", Usage: "audit.pub of the platform, kept apart from it; may be given more than once. Without it the keys that the platform publishes are believed", Destination: &a.keyFiles},
			&cli.StringFlag{Name: "heads", Usage: "file that an earlier verification wrote: what was there must still be there", Destination: &a.heads},
			&cli.StringFlag{Name: "write-heads", Usage: "file to write for the next verification, if nothing is wrong", Destination: &a.writeHeads},
		),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("audit verify takes no arguments, got %q", c.Args().First())
			}
			return a.run(ctx, c.Root().Writer)
		},
	}
}

func (a *auditCheck) run(ctx context.Context, out io.Writer) error {
	keys, err := a.keys(ctx)
	if err != nil {
		return err
	}
	earlier, err := readHeads(a.heads)
	if err != nil {
		return err
	}
	log, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer log.Close()
	verifier := audit.NewVerifier(keys, earlier)
	broken := verifier.ReadExport(log)
	result := verifier.Result()
	if err := printAudit(out, result); err != nil {
		return err
	}
	if len(result.Problems) > 0 {
		return errors.Join(errTampered, broken)
	}
	return writeHeads(a.writeHeads, result.Heads)
}

func (a *auditCheck) open(ctx context.Context) (io.ReadCloser, error) {
	if a.file == "" {
		return a.from.open(ctx)
	}
	file, err := os.Open(a.file)
	if err != nil {
		return nil, fmt.Errorf("--file: %w", err)
	}
	return file, nil
}

func (a *auditCheck) keys(ctx context.Context) (audit.Keys, error) {
	if len(a.keyFiles) == 0 && a.file != "" {
		return nil, errors.New("--file needs --key")
	}
	if len(a.keyFiles) == 0 {
		return a.from.keys(ctx)
	}
	var all []ed25519.PublicKey
	for _, name := range a.keyFiles {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("--key: %w", err)
		}
		key, err := seal.ParsePublicKey(data)
		if err != nil {
			return nil, fmt.Errorf("--key %s: %w", name, err)
		}
		all = append(all, key)
	}
	return audit.KeysOf(all...), nil
}

func readHeads(name string) ([]audit.Head, error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--heads: %w", err)
	}
	var heads []audit.Head
	if err := json.Unmarshal(data, &heads, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("--heads %s: %w", name, err)
	}
	return heads, nil
}

// writeHeads replaces the file as a whole.
func writeHeads(name string, heads []audit.Head) error {
	if name == "" {
		return nil
	}
	data, err := json.Marshal(heads, jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("--write-heads: %w", err)
	}
	if err := os.WriteFile(name+".new", append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("--write-heads: %w", err)
	}
	return os.Rename(name+".new", name)
}

func printAudit(out io.Writer, r audit.Result) error {
	for _, p := range r.Problems {
		if _, err := fmt.Fprintf(out, "wrong: %s\n", plain(p.String())); err != nil {
			return err
		}
	}
	for _, head := range r.Open {
		if _, err := fmt.Fprintf(out, "open: chain %s has no end behind entry %d: its process runs, was killed, or the end was taken away\n", head.Chain, head.Number); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%d entries in %d chains, %d of them open: %d problems\n", r.Entries, r.Chains, len(r.Open), len(r.Problems))
	return err
}
