package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v3"

	"atvsld/api"
	"atvsld/api/book"
	"atvsld/seeds"
)

// docsCommand writes what the repository holds of the catalogues: the rule book,
// the policy of access and the data dictionary.
func docsCommand() *cli.Command {
	return &cli.Command{
		Name:      "docs",
		Usage:     "write the rule book, the policy of access and the data dictionary into a folder",
		ArgsUsage: "[folder, docs if none]",
		Action: func(_ context.Context, c *cli.Command) error {
			folder := c.Args().First()
			if folder == "" {
				folder = "docs"
			}
			return writeDocs(folder)
		},
	}
}

func writeDocs(folder string) error {
	files := book.Files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(files[name]), 0o644); err != nil {
			return fmt.Errorf("write the documents: %w", err)
		}
	}
	return nil
}

// openAPICommand prints the description of the interface, for who makes a client of it.
func openAPICommand() *cli.Command {
	return &cli.Command{
		Name:  "openapi",
		Usage: "print the OpenAPI document of the interface",
		Action: func(context.Context, *cli.Command) error {
			data, err := seeds.Load()
			if err != nil {
				return err
			}
			document, err := api.Description(data, version())
			if err != nil {
				return fmt.Errorf("describe the interface: %w", err)
			}
			_, err = fmt.Println(string(document))
			return err
		},
	}
}
