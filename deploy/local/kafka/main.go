// Command kafka fetches Apache Kafka and runs brokers on this machine until it
// is interrupted. See deploy/local.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"atvsld/deploy/local"
)

func main() {
	brokers := flag.Int("brokers", 1, "how many brokers: 1 or 3; 0 only fetches")
	data := flag.String("data", "data/apache-kafka", "folder of the brokers")
	flag.Parse()
	if err := run(*brokers, *data); err != nil {
		fmt.Fprintln(os.Stderr, "kafka:", err)
		os.Exit(1)
	}
}

func run(brokers int, data string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if brokers != 0 && brokers != 1 && brokers != 3 {
		return fmt.Errorf("%d brokers are not a choice: 1 or 3", brokers)
	}
	jars, err := local.Fetch(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Apache Kafka %s is in %s\n", local.Version, jars)
	if brokers == 0 {
		return nil
	}
	cluster, err := local.Start(ctx, data, brokers)
	if err != nil {
		return err
	}
	fmt.Printf("Apache Kafka %s answers; the program takes it with\n  --brokers %s\n", local.Version, strings.Join(cluster.Addrs(), ","))
	<-ctx.Done()
	fmt.Println("stopping")
	return cluster.Close()
}
