// Command atvsld is the platform: every role of it is a subcommand.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/urfave/cli/v3"
)

func main() {
	// The second signal ends the process at once: NotifyContext is released by
	// then and the default action is back.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() { <-ctx.Done(); stop() }()
	if err := root().Run(ctx, os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "atvsld:", err)
		os.Exit(1)
	}
}

func root() *cli.Command {
	return &cli.Command{
		Name:    "atvsld",
		Usage:   "occupational safety and health data of Viet Nam: intake, store and indicators",
		Version: version(),
		Commands: []*cli.Command{
			runCommand(),
			gatewayCommand(), forwarderCommand(), sinkCommand(), apiCommand(),
			deadLettersCommand(), registerCommand(), grantsCommand(), auditCommand(),
			brokerCommand(), engineCommand(),
			migrateCommand(), periodCommand(), newInboxKeyCommand(), tokenCommand(), verifyCommand(), demoCommand(), benchCommand(), docsCommand(), openAPICommand(),
			importCommand(),
			keysCommand(), retentionCommand(), personCommand(),
		},
	}
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return info.Main.Version + " " + s.Value
		}
	}
	return info.Main.Version
}
