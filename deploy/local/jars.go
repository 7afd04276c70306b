package local

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

var (
	// ErrNoJava says that there is no Java to run Kafka with.
	ErrNoJava = errors.New("apache kafka needs Java 17 or later, and this machine has none (Debian: openjdk-17-jdk-headless)")
	// ErrNoMaven says that the jars are missing and cannot be fetched.
	ErrNoMaven = errors.New("the jars of Apache Kafka are fetched with Maven, and there is no `mvn` on this machine (Debian: maven)")
)

// pom names what to fetch, sums what must come of it: versions alone would let
// somebody else decide what runs here.
var (
	//go:embed pom.xml
	pom []byte
	//go:embed jars.sha256
	sums []byte
)

// jvm is a Java with the jars of Kafka.
type jvm struct {
	java string
	jars string // folder
}

// Fetch brings the jars of Apache Kafka into deploy/local/jars of the repository
// that the working directory lies in, unless they are there, and returns the
// folder. Errors: ErrNoJava, ErrNoMaven.
func Fetch(ctx context.Context) (string, error) {
	r, err := prepare(ctx)
	return r.jars, err
}

func prepare(ctx context.Context) (jvm, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return jvm{}, ErrNoJava
	}
	if !newEnough(ctx, java) {
		return jvm{}, ErrNoJava
	}
	root, err := repositoryRoot()
	if err != nil {
		return jvm{}, err
	}
	jars := filepath.Join(root, "deploy", "local", "jars")
	if check(jars) != nil {
		if err := fetch(ctx, jars); err != nil {
			return jvm{}, err
		}
	}
	return jvm{java: java, jars: jars}, nil
}

var javaVersion = regexp.MustCompile(`version "(\d+)`)

// newEnough asks a Java for its version. Up to 8 it calls itself 1.8.
func newEnough(ctx context.Context, java string) bool {
	out, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if err != nil {
		return false
	}
	found := javaVersion.FindSubmatch(out)
	if found == nil {
		return false
	}
	major, err := strconv.Atoi(string(found[1]))
	return err == nil && major >= 17
}

// fetch fills a folder beside the wanted one and renames it: two that fetch at
// the same time do not disturb each other, and half a folder is never used.
func fetch(ctx context.Context, jars string) error {
	maven, err := exec.LookPath("mvn")
	if err != nil {
		return ErrNoMaven
	}
	work, err := os.MkdirTemp(filepath.Dir(jars), "jars.fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	project, fetched := filepath.Join(work, "pom.xml"), filepath.Join(work, "jars")
	if err := os.WriteFile(project, pom, 0o600); err != nil {
		return err
	}
	// -C: a jar that does not match the checksum beside it ends the fetch.
	cmd := exec.CommandContext(ctx, maven, "--batch-mode", "--quiet", "--no-transfer-progress", "-C",
		"--file", project, "dependency:copy-dependencies", "-DoutputDirectory="+fetched)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("fetch Apache Kafka %s with Maven: %w\n%s", Version, err, bytes.TrimSpace(out))
	}
	if err := check(fetched); err != nil {
		return fmt.Errorf("fetch Apache Kafka %s: %w", Version, err)
	}
	// A folder that is not whole makes room; one that somebody else has just
	// finished is as good as ours.
	if check(jars) != nil {
		if err := os.RemoveAll(jars); err != nil {
			return err
		}
		if err := os.Rename(fetched, jars); err != nil && check(jars) != nil {
			return err
		}
	}
	return nil
}

// check compares a folder with the sums: nothing missing, nothing changed,
// nothing besides, because all of it is on the class path.
func check(dir string) error {
	want := make(map[string]string)
	for lines := bufio.NewScanner(bytes.NewReader(sums)); lines.Scan(); {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		want[name] = sum
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		sum, known := want[e.Name()]
		if !known {
			return fmt.Errorf("%s does not belong there", filepath.Join(dir, e.Name()))
		}
		if got, err := sha256Of(filepath.Join(dir, e.Name())); err != nil || got != sum {
			return errors.Join(fmt.Errorf("%s is not the file that was expected", filepath.Join(dir, e.Name())), err)
		}
		delete(want, e.Name())
	}
	if len(want) > 0 {
		return fmt.Errorf("%d jars are missing in %s", len(want), dir)
	}
	return nil
}

func sha256Of(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// repositoryRoot walks up from the working directory to the folder of this module.
func repositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(mod, []byte("module atvsld\n")) {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("apache kafka is fetched into the repository, and the working directory is not in it")
		}
		dir = parent
	}
}

// args makes the command line of a program with so much heap.
func (r jvm) args(heap, class string, args ...string) []string {
	return append([]string{
		"-Xmx" + heap, "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
		"-cp", filepath.Join(r.jars, "*"), class,
	}, args...)
}

// run runs a program to its end and returns what it printed.
func (r jvm) run(ctx context.Context, input, class string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, r.java, r.args("128m", class, args...)...)
	cmd.Stdin = strings.NewReader(input)
	cmd.SysProcAttr = attributes()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", class, err, bytes.TrimSpace(out))
	}
	return string(out), nil
}
