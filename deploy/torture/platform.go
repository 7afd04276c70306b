package torture

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"atvsld/analytics/store"
	"atvsld/deploy/torture/proxy"
)

// platform is the product as it runs in service, with proxies in between.
type platform struct {
	config  Config
	dir     string
	roles   map[string]*role
	links   map[string]*link
	disks   map[string]*disk
	brokers []string // their own addresses
	engine  string   // its own address
	pass    string
	control control
	store   *store.Store // past every proxy
	web     *http.Client // also
	token   string

	group errgroup.Group
	stop  context.CancelFunc
	// down is held while a broker of several is down.
	down sync.Mutex
}

// link is the network between a role and what it calls.
type link struct {
	*proxy.Proxy
	// turn is held by the one fault that works on the link.
	turn sync.Mutex
}

// newPlatform prepares everything below dir and starts nothing yet.
func newPlatform(ctx context.Context, c Config, dir string) (*platform, error) {
	p := &platform{
		config: c, dir: dir, roles: make(map[string]*role), links: make(map[string]*link), disks: make(map[string]*disk),
		pass: rand.Text(), web: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}},
	}
	if err := p.prepare(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

const startTimeout = 2 * time.Minute

// start starts every role, each when what it stands on is there. They run until close.
func (p *platform) start(ctx context.Context) error {
	ctx, p.stop = context.WithCancel(ctx)
	for _, stage := range p.stages() {
		for _, name := range stage {
			r := p.roles[name]
			p.group.Go(func() error { return r.supervise(ctx) })
		}
		for _, name := range stage {
			if err := p.roles[name].await(ctx, startTimeout); err != nil && name != spareSink {
				return err
			}
		}
	}
	token, err := os.ReadFile(filepath.Join(p.keys(), "local-token"))
	if err != nil {
		return fmt.Errorf("read the token: %w", err)
	}
	p.token = strings.TrimSpace(string(token))
	c := store.Default()
	c.DSN = p.dsn(p.engine)
	p.store, err = store.Open(ctx, c)
	return err
}

// stages gives the roles in the order of their start. The first gateway makes keys and
// schema for all.
func (p *platform) stages() [][]string {
	first := []string{engineRole}
	if p.config.Kafka == nil {
		first = append(first, brokerRole)
	}
	rest := []string{apiRole}
	for _, name := range p.names() {
		if !slices.Contains(first, name) && name != "gateway-1" && name != apiRole && name != spareSink {
			rest = append(rest, name)
		}
	}
	return [][]string{first, {"gateway-1"}, rest}
}

func (p *platform) names() []string { return sortedKeys(p.roles) }

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// heal ends every fault that is not over and waits until every role works.
func (p *platform) heal(ctx context.Context) error {
	for _, l := range p.links {
		l.Heal()
	}
	for _, d := range p.disks {
		if err := d.empty(); err != nil {
			return err
		}
	}
	if p.config.Kafka == nil {
		// A broker that is not there has forgotten its errors.
		_ = p.control.ask(brokerError{Clear: true})
	}
	for _, name := range p.names() {
		if name == spareSink {
			continue
		}
		if err := p.roles[name].await(ctx, startTimeout); err != nil {
			return err
		}
	}
	return nil
}

// alone counts the processes that ended though nobody wanted them to.
func (p *platform) alone() map[string]int {
	counts := make(map[string]int)
	for name, r := range p.roles {
		r.mu.Lock()
		if r.alone > 0 {
			counts[name] = r.alone
		}
		r.mu.Unlock()
	}
	return counts
}

// close ends everything and leaves no process and no file system behind.
func (p *platform) close() error {
	if p.stop != nil {
		p.stop()
	}
	errs := []error{p.group.Wait()}
	p.control.attach(nil)
	p.web.CloseIdleConnections()
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	for _, l := range p.links {
		errs = append(errs, l.Close())
	}
	for _, d := range p.disks {
		errs = append(errs, d.unmount())
	}
	return errors.Join(errs...)
}

// doors are the addresses at which filers find the gateways.
func (p *platform) doors() []string {
	var doors []string
	for _, name := range matching(sortedKeys(p.links), "filer>", "") {
		doors = append(doors, p.links[name].Addr())
	}
	return doors
}

// possible tells what faults can hit here.
func (p *platform) possible() possible {
	can := possible{links: sortedKeys(p.links), disks: sortedKeys(p.disks)}
	can.links = slices.DeleteFunc(can.links, func(l string) bool { return strings.HasPrefix(l, spareSink) })
	for _, name := range p.names() {
		if name != spareSink {
			can.roles = append(can.roles, name)
		}
	}
	if p.config.Kafka != nil {
		for i := range p.brokers {
			can.brokers = append(can.brokers, brokerRole+"-"+strconv.Itoa(i+1))
		}
	}
	if p.config.Aim {
		can.flaw = p.config.Flaw
	}
	return can
}

// stopRoles ends every process; the proxies and disks stay.
func (p *platform) stopRoles() {
	if p.stop != nil {
		p.stop()
	}
	_ = p.group.Wait()
}
