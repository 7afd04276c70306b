package torture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Result is what a campaign found.
type Result struct {
	// Planned is how many faults there were to be, Faults how many were injected.
	Planned, Faults, Lost, Double int
	// Alarms counts how often a sink said that it had to heal a loss.
	Alarms   int
	Receipts int
	// Strange are answers that no filer could expect.
	Strange []string
}

// Clean tells whether nothing was lost, nothing is there twice, nothing had to be healed,
// every answer was one that the interface promises, and all but a few of the faults could
// be injected: without them the rest says nothing.
func (r Result) Clean() bool {
	return !r.FoundOut() && len(r.Strange) == 0 && 10*r.Faults >= 9*r.Planned
}

// FoundOut tells whether the sinks were shown to lose or to double something, or said
// so themselves.
func (r Result) FoundOut() bool { return r.Lost > 0 || r.Double > 0 || r.Alarms > 0 }

// Summary is the last line of a campaign.
func (r Result) Summary() string {
	return fmt.Sprintf("%d faults, %d lost, %d double", r.Faults, r.Lost, r.Double)
}

// campaign is one run.
type campaign struct {
	Config
	platform *platform
	ledger   *ledger
	filers   *filers
	alarms   *alarms
	begin    time.Time
	result   Result

	mu sync.Mutex // of what is printed, and of result
}

// Run runs a campaign. An error says that it could not be brought to its end; what was
// lost or doubled is in the result. When anything was, the folder of the campaign is
// kept and named.
func Run(ctx context.Context, c Config) (result Result, err error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	if runtime.GOOS != "linux" {
		return Result{}, errors.New("torture: it runs on Linux only, as the engine library does")
	}
	dir, err := os.MkdirTemp(c.Dir, "atvsld-torture-")
	if err != nil {
		return Result{}, err
	}
	run := &campaign{Config: c, ledger: newLedger(), alarms: newAlarms(), begin: time.Now()}
	run.print("seed %d: %d faults", c.Seed, c.Faults)
	defer func() {
		result = run.result
		if err == nil && (result.Clean() || c.Discard) {
			err = os.RemoveAll(dir)
			return
		}
		run.print("the folder of this campaign is kept: %s", dir)
	}()
	run.platform, err = newPlatform(ctx, c, dir)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, run.end(!c.Discard && (err != nil || !run.result.Clean()))) }()
	return Result{}, run.run(ctx)
}

// end stops everything; what lies on the disks is copied if it is wanted.
func (c *campaign) end(keep bool) error {
	var errs []error
	if keep {
		c.platform.stopRoles()
		for _, d := range c.platform.disks {
			errs = append(errs, d.keep())
		}
	}
	return errors.Join(append(errs, c.platform.close())...)
}

func (c *campaign) print(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = fmt.Fprintf(c.Out, format+"\n", args...)
}

func (c *campaign) run(ctx context.Context) error {
	p := c.platform
	if err := p.start(ctx); err != nil {
		return err
	}
	can := p.possible()
	c.print("%s; %d partitions, %d gateways, %d sinks, %d filers; ready after %s",
		c.brokersText(), partitions, gateways, sinks, c.Filers, time.Since(c.begin).Round(100*time.Millisecond))
	if len(can.disks) == 0 {
		c.print("no full disk is injected: %v", p.diskless())
	}
	work, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { c.alarms.watch(work, p) })
	c.filers = newFilers(c.Seed, p.doors(), p.token, c.Pace, c.ledger)
	c.filers.start(work, c.Filers)
	err := p.startIntegrator(work, c.filers)
	defer func() {
		stop()
		wg.Wait()
		c.filers.stop()
	}()
	if err != nil {
		return err
	}
	for _, round := range plan(c.Seed, c.Faults, c.PerRound, can) {
		if err := c.round(ctx, round); err != nil {
			return err
		}
		if c.result.Lost > 0 || c.result.Double > 0 {
			break // more faults on top would tell nothing more
		}
	}
	c.report()
	return nil
}

func (c *campaign) brokersText() string {
	if c.Kafka == nil {
		return "the embedded broker"
	}
	return fmt.Sprintf("%d brokers of Apache Kafka", len(c.Kafka.Addrs()))
}

// round injects some faults, which may overlap, lets everything come to rest and counts.
func (c *campaign) round(ctx context.Context, faults []planned) error {
	begin := time.Now()
	var wg sync.WaitGroup
	for _, f := range faults {
		wg.Go(func() { c.inject(ctx, begin, f) })
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	healing := time.Now()
	if err := c.platform.heal(ctx); err != nil {
		return err
	}
	answered := c.filers.pause(answersWithin)
	defer c.filers.resume()
	v, err := c.platform.judge(ctx, c.ledger)
	if err != nil {
		return err
	}
	c.take(v, time.Since(healing))
	if !answered && v.lost == 0 && v.double == 0 {
		return fmt.Errorf("nothing is lost, and after %s somebody still waits for a receipt", answersWithin)
	}
	return nil
}

// answersWithin is how long the filers may wait for their receipts once all is well.
const answersWithin = 90 * time.Second

func (c *campaign) inject(ctx context.Context, begin time.Time, f planned) {
	sleep(ctx, time.Until(begin.Add(f.at)))
	if ctx.Err() != nil {
		return
	}
	at := time.Since(c.begin)
	word, err := c.platform.inject(ctx, f)
	if err != nil {
		c.print("fault %d  %s  %s: not injected: %v", f.number, at.Round(time.Millisecond), f, err)
		return
	}
	if word != "" {
		word = " (" + word + ")"
	}
	c.print("fault %d  %s  %s%s", f.number, at.Round(time.Millisecond), f, word)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.result.Faults++
}

// take notes what a round came to.
func (c *campaign) take(v verdict, took time.Duration) {
	const most = 30
	for _, f := range v.findings[:min(most, len(v.findings))] {
		c.print("  %s", f)
	}
	if left := len(v.findings) - most; left > 0 {
		c.print("  … and %d more", left)
	}
	c.mu.Lock()
	c.result.Lost, c.result.Double, c.result.Receipts = v.lost, v.double, v.receipts
	c.mu.Unlock()
	raised, _ := c.alarms.raised()
	c.print("counted  %d receipts = store, %d places of the log = %d rows, %d ranges, %d figures: %d lost, %d double, %d alarms; drained in %s, at rest for %s",
		v.receipts, v.messages, v.rows, v.ranges, v.figures, v.lost, v.double, raised, v.drained.Round(100*time.Millisecond), took.Round(100*time.Millisecond))
}

// report prints what was seen beside the faults.
func (c *campaign) report() {
	n, text := c.alarms.raised()
	c.result.Alarms, c.result.Planned = n, c.Faults
	c.ledger.mu.Lock()
	c.result.Strange = slices.Clone(c.ledger.strange)
	answers, outcomes := c.ledger.answers, c.ledger.outcomes
	c.ledger.mu.Unlock()
	c.print("answers to filers: %v (0: none), receipts to the integrator: %d", answers, outcomes)
	c.print("ended by themselves, and came back: %v", c.platform.alone())
	c.print("alarms: %s", text)
	for _, s := range c.result.Strange[:min(10, len(c.result.Strange))] {
		c.print("strange: %s", s)
	}
}
