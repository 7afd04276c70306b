package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"atvsld/seeds"
)

// body is an organisation that measures.
type body struct {
	taxCode string
	licence string
}

func newBodies(r *register) []body {
	bodies := make([]body, 40)
	for i := range bodies {
		code := r.taxBase(bodyIndex + i)
		bodies[i] = body{string(code[:]), fmt.Sprintf("%02d/MAU-QTMT", i+1)}
	}
	return bodies
}

// campaign is one monitoring of one site.
type campaign struct {
	unit      int
	site      int // 0 or 1
	row       int // province of the site
	body      int
	number    int // of the body at the site in the year
	at        int64
	filedAt   int64
	section   byte
	samples   [6]int // by factor
	over      [6]int
	withdrawn bool // filed by mistake
}

// site is a place of work with harmful factors.
type site struct {
	unit, number, row int
	section           byte
	priority          uint64
}

func (y *yearPlan) planMonitoring() error {
	sites := y.sites()
	total, room, weights := 0, make([]int, provinceCount), make([]int, provinceCount)
	for row, list := range sites {
		room[row] = len(list)
		weights[row] = len(list) * y.trend(forMonitoring, row)
		total += len(list)
	}
	monitored, err := apportion(y.g.siteBase()*healthChoices[y.year].monitored/1000, weights, 0, room)
	if err != nil {
		return fmt.Errorf("%d: monitored sites: %w", y.year, err)
	}
	for row, list := range sites {
		for i, s := range list {
			switch {
			case i < monitored[row]:
				y.monitor(s)
			case i == monitored[row] && row%16 == y.year%16:
				y.monitorByMistake(s)
			}
		}
	}
	return y.sample()
}

// siteBase is the number that shares of monitored sites refer to, the same in
// every year: the sites of those establishments that report from the start.
func (g *generator) siteBase() int { return sum(g.register.hazard[:]) }

// sites returns the sites by province, the ones monitored first coming first:
// who is monitored in one year mostly is in the next.
func (y *yearPlan) sites() [][]site {
	sites := make([][]site, provinceCount)
	y.hazardous(func(e establishment) {
		draw := hash(y.g.cfg.Seed, forMonitoring, uint64(e.index))
		rows := []int{e.row}
		if draw%5 == 0 {
			rows = append(rows, e.row)
			if draw%3 == 0 { // the second site is in another province
				rows[1] = below(mix(draw), provinceCount)
			}
		}
		for number, row := range rows {
			priority := mix(draw + uint64(number) + 1)
			if mix(priority+uint64(y.year))%10 == 0 {
				priority |= 1 << 63 // skipped this year, unless all are needed
			}
			sites[row] = append(sites[row], site{e.index, number, row, e.section, priority})
		}
	})
	for _, list := range sites {
		slices.SortFunc(list, func(a, b site) int {
			return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(a.unit, b.unit), cmp.Compare(a.number, b.number))
		})
	}
	return sites
}

// monitor plans the campaigns of a year at one site.
func (y *yearPlan) monitor(s site) {
	c := newSource(y.g.cfg.Seed, forMonitoring, uint64(y.year), uint64(s.unit), uint64(s.number))
	times := 1
	if c.percent(22) {
		times = 2 + c.intN(2)
	}
	at := midnight(y.year, time.January, 10)
	step := 340 / times
	var seen [40]int
	for i := range times {
		body := c.intN(len(seen))
		if i > 0 && c.percent(60) {
			body = y.campaigns[len(y.campaigns)-1].body
		}
		seen[body]++
		y.campaign(c, campaign{unit: s.unit, site: s.number, row: s.row, section: s.section, body: body, number: seen[body],
			at: at + int64(i*step+c.intN(step))*day + 9*hour})
	}
}

func (y *yearPlan) campaign(c *source, m campaign) {
	m.filedAt = m.at + int64(c.between(4*24*60, 35*24*60))*minute
	for i, f := range factors {
		if i == 2 || c.percent(f.common) { // noise at least
			m.samples[i] = 1
		}
	}
	y.campaigns = append(y.campaigns, m)
}

func (y *yearPlan) monitorByMistake(s site) {
	c := newSource(y.g.cfg.Seed, forMonitoring, uint64(y.year), uint64(s.unit), uint64(s.number), 1)
	y.campaign(c, campaign{unit: s.unit, site: s.number, row: s.row, section: s.section, body: c.intN(len(y.g.bodies)), number: 1,
		at: midnight(y.year, time.March, 1+c.intN(28)) + 9*hour, withdrawn: true})
}

// sample spreads a year's samples, and those over the limit, over the campaigns.
func (y *yearPlan) sample() error {
	want, over := y.samples()
	var weights, room []int
	type place struct{ campaign, factor int }
	var places []place
	for f := range factors {
		var have, shares []int
		for i := range y.campaigns {
			if m := &y.campaigns[i]; m.samples[f] > 0 && !m.withdrawn {
				have = append(have, i)
				shares = append(shares, 20+int(hash(y.g.cfg.Seed, forMonitoring, uint64(y.year), uint64(i), uint64(f))%100))
			}
		}
		parts, err := apportion(want[f], shares, 1, nil)
		if err != nil {
			return fmt.Errorf("%d: samples of %s: %w", y.year, factors[f].code, err)
		}
		for k, i := range have {
			y.campaigns[i].samples[f] = parts[k]
			places = append(places, place{i, f})
			weights = append(weights, parts[k]*(1+int(mix(uint64(i*7+f))%9)))
			room = append(room, parts[k])
		}
	}
	parts, err := apportion(over, weights, 0, room)
	if err != nil {
		return fmt.Errorf("%d: samples over the limit: %w", y.year, err)
	}
	for k, p := range places {
		y.campaigns[p.campaign].over[p.factor] = parts[k]
	}
	return nil
}

// samples returns a year's samples by factor and those over the limit: as
// printed for 2023, in proportion to the monitored sites otherwise.
func (y *yearPlan) samples() (byFactor [6]int, over int) {
	printed := func(metric string) int {
		s, _ := y.g.data.Statistic(2023, year, "monitoring_samples"+metric, seeds.AreaNational)
		v, _ := s.Int()
		return int(v) * healthChoices[y.year].monitored / healthChoices[2023].monitored
	}
	for i, f := range factors {
		byFactor[i] = printed("_" + f.code)
	}
	return byFactor, printed("_over_limit")
}

func (y *yearPlan) scheduleHealth() {
	for i, d := range y.diseases {
		draw := hash(y.g.cfg.Seed, forFiling, uint64(y.year), uint64(fileDisease), uint64(d.unit))
		at := y.deadline(false).at(draw)
		y.add(at, fileDisease, i, 1)
		if d.partial() {
			y.add(at+int64(15+i%45)*day, fileDisease, i, 2)
		}
	}
	for i, m := range y.campaigns {
		y.add(m.filedAt, fileMonitoring, i, 1)
		if m.withdrawn {
			y.add(m.filedAt+int64(5+i%40)*day, withdrawMonitoring, i, 2)
		}
	}
}
