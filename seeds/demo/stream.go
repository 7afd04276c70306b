package demo

import (
	"container/heap"
	"context"
	"fmt"
	"iter"
	"time"

	"atvsld/ingest/report"
)

// Submission is one submission ready to be sent.
type Submission struct {
	// Raw is one JSON document without a line break. It is valid until the next
	// submission is asked for.
	Raw []byte
	// Kind, Year and ReceivedAt are in Raw, too.
	Kind       report.Kind
	Year       int
	Revision   int
	Withdrawn  bool
	ReceivedAt time.Time
}

// Generate makes the submissions of a configuration in order of receipt. It
// holds one or two years' accidents in memory, never the submissions, and ends
// with the error of the configuration or of the context, if any.
func Generate(ctx context.Context, c Config) iter.Seq2[Submission, error] {
	return func(yield func(Submission, error) bool) {
		g, err := newGenerator(c)
		if err != nil {
			yield(Submission{}, err)
			return
		}
		if err := g.run(ctx, func(s Submission) bool { return yield(s, nil) }); err != nil {
			yield(Submission{}, err)
		}
	}
}

// stream is one ascending sequence of submissions.
type stream struct {
	next int64 // instant of the next one, or an earlier one before it is opened
	// advance writes the next submission, and sets next; it returns false at the end.
	advance func(*writer) (bool, error)
	year    int
}

// streams is a heap by time; ties go to the earlier year and stream.
type streams []*stream

func (s streams) Len() int           { return len(s) }
func (s streams) Less(i, j int) bool { return s[i].next < s[j].next }
func (s streams) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *streams) Push(x any)        { *s = append(*s, x.(*stream)) }
func (s *streams) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// run merges the streams of all years. Instants of different streams may be
// equal; the heap's order of equals depends on nothing but the configuration.
func (g *generator) run(ctx context.Context, yield func(Submission) bool) error {
	var all streams
	for of := g.cfg.FromYear; of <= g.cfg.ToYear; of++ {
		all = append(all, &stream{next: midnight(of, time.January, 1), year: of})
	}
	heap.Init(&all)
	w := &writer{g: g}
	for n := 0; all.Len() > 0; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return fmt.Errorf("demonstration data: %w", context.Cause(ctx))
		}
		first := all[0]
		if first.advance == nil {
			heap.Pop(&all)
			opened, err := g.open(first.year)
			if err != nil {
				return fmt.Errorf("demonstration data: %w", err)
			}
			for _, s := range opened {
				heap.Push(&all, s)
			}
			continue
		}
		w.begin(first.next)
		more, err := first.advance(w)
		if err != nil {
			return fmt.Errorf("demonstration data: %w", err)
		}
		if !yield(w.submission(first.year)) {
			return nil
		}
		if more {
			heap.Fix(&all, 0)
		} else {
			heap.Pop(&all)
		}
	}
	return nil
}

// open plans a year and returns its streams.
func (g *generator) open(of int) ([]*stream, error) {
	y, err := g.plan(of)
	if err != nil {
		return nil, err
	}
	opened := append(g.baseStreams(of), y.jobStream(), y.safetyStream())
	for _, kind := range []jobKind{fileAnnexHalf, fileAnnexYear} {
		opened = append(opened, y.annexStream(annexPeriod{kind, of}))
	}
	opened = append(opened, y.careStream()...)
	return append(opened, g.registerStreams(of)...), nil
}

func (y *yearPlan) jobStream() *stream {
	s := &stream{next: y.jobs[0].at, year: y.year}
	at := 0
	s.advance = func(w *writer) (bool, error) {
		y.write(w, y.jobs[at])
		at++
		if at == len(y.jobs) {
			return false, nil
		}
		s.next = y.jobs[at].at
		return true, nil
	}
	return s
}

// annexStream files a period of Annex XII for every establishment.
func (y *yearPlan) annexStream(p annexPeriod) *stream {
	o := y.g.annexOrder(p)
	w := deadline(p.year, p.half())
	s := &stream{year: y.year}
	rank := -1
	var e establishment
	forward := func() bool {
		for rank++; rank < y.g.cfg.Establishments; rank++ {
			if e = y.g.register.at(o.index(rank)); e.active(y.year) {
				s.next = o.at(w, rank)
				return true
			}
		}
		return false
	}
	forward() // there always is one: the first of each province
	s.advance = func(w *writer) (bool, error) {
		y.writeAnnex(w, p, e, 1)
		return forward(), nil
	}
	return s
}

// merged tells whether the reform of 1 July 2025 is in force.
func (g *generator) merged(at int64) bool { return at >= g.geo.mergedAt }
