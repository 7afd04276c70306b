// Package retention ends the time for which personal data are kept: it destroys the data keys
// whose time is over, and records what was erased and whom it concerned. How long each class
// is kept is reference data (seeds/data/retention.csv).
package retention

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// Mode is what a job does about keys whose time is over.
type Mode string

// The modes. A job that is off does not record what was destroyed by hand either.
const (
	Off     Mode = "off"
	Report  Mode = "report"
	Enforce Mode = "enforce"
)

// Modes lists the modes.
func Modes() []Mode { return []Mode{Enforce, Report, Off} }

// Store is the part of *store.Store that a job needs.
type Store interface {
	SealedKinds(ctx context.Context) (map[string][]string, error)
	SealedCount(ctx context.Context, keys []string) (store.SealedCount, error)
	Erasures(ctx context.Context) ([]store.Erasure, error)
	RecordErasure(ctx context.Context, e store.Erasure) error
}

// Job looks after the data keys. It may run in several processes at once: destroying is
// harmless to repeat, and an erasure is recorded once.
type Job struct {
	Keys  *seal.Keys
	Store Store
	Seeds *seeds.Data
	Log   *slog.Logger
	Clock func() time.Time
	// Act puts a destruction on record before it is done; see audit.Writer.Do.
	Act func(ctx context.Context, a audit.Act, do func(ctx context.Context) error) error
}

// Key is one data key and when its time is over.
type Key struct {
	seal.Slot
	ID string
	// Kinds of which something is sealed under it.
	Kinds []string
	// SealedCount is how much; zero until it is counted, see [Job.Count].
	store.SealedCount
	// LastYear is the last year in which it is kept; 0 when nothing in it ever ends.
	LastYear int
	// Unverified: a period that decides on it has no source, so that it is never destroyed
	// by itself.
	Unverified bool
}

// Over tells whether its time was over at the end of the year before.
func (k Key) Over(year int) bool { return k.LastYear != 0 && year > k.LastYear }

// Outcome is what a run found and did.
type Outcome struct {
	// Due are the keys whose time is over and that are still there, with why.
	Due []Key
	// Recorded are erasures that had not been on record.
	Recorded []store.Erasure
	// Destroyed are the keys that this run destroyed.
	Destroyed []Key
}

// List lists the data keys that are there, with the kinds of what is sealed under each.
func (j *Job) List(ctx context.Context) ([]Key, error) {
	have, err := j.Keys.DataKeys()
	if err != nil {
		return nil, err
	}
	kinds, err := j.Store.SealedKinds(access.System(ctx))
	if err != nil {
		return nil, err
	}
	var keys []Key
	for _, one := range have {
		if one.Destroyed() {
			continue
		}
		k := Key{Slot: one.Slot, ID: one.ID, Kinds: kinds[one.ID]}
		k.LastYear, k.Unverified = j.lastYear(k)
		keys = append(keys, k)
	}
	return keys, nil
}

// Count counts what is sealed under each of the keys.
func (j *Job) Count(ctx context.Context, keys []Key) error {
	for i := range keys {
		var err error
		if keys[i].SealedCount, err = j.Store.SealedCount(access.System(ctx), []string{keys[i].ID}); err != nil {
			return err
		}
	}
	return nil
}

// lastYear is the latest of the kinds that the key serves: those of its class, and whatever is
// sealed under it. A key that all classes once shared is kept as long as its longest.
func (j *Job) lastYear(k Key) (last int, unverified bool) {
	for _, r := range j.Seeds.Retentions() {
		if !slices.Contains(k.Kinds, r.Kind) && (k.Class == "" || r.Class != k.Class) {
			continue
		}
		year, ends := r.OverAfter(k.Year)
		if !ends {
			return 0, false
		}
		last = max(last, year)
		unverified = unverified || r.Status == seeds.StatusUnverified
	}
	return last, unverified
}

// Run finds the keys whose time is over, destroys them when it is to enforce, and records every
// erasure that is not on record, also of keys that were destroyed by hand. by and reason go on
// record with what this run destroys. A period without a source is never enforced: what
// nobody has found cannot justify what nobody can undo.
func (j *Job) Run(ctx context.Context, mode Mode, by, reason string) (Outcome, error) {
	var done Outcome
	if mode == Off {
		return done, nil
	}
	keys, err := j.List(ctx)
	if err != nil {
		return done, err
	}
	year := seal.YearOf(j.Clock())
	for _, k := range keys {
		switch {
		case !k.Over(year):
		case mode != Enforce || k.Unverified:
			done.Due = append(done.Due, k)
		default:
			destroyed, err := j.destroy(ctx, k, by, reason)
			if err != nil {
				return done, err
			}
			if destroyed {
				done.Destroyed = append(done.Destroyed, k)
			}
		}
	}
	if done.Recorded, err = j.record(ctx, done.Destroyed); err != nil {
		return done, err
	}
	return done, errors.Join(j.Count(ctx, done.Due), j.Count(ctx, done.Destroyed))
}

// destroy destroys one key. That which all classes of a year once shared is destroyed with the
// whole year, so only when nothing else of it is left.
func (j *Job) destroy(ctx context.Context, k Key, by, reason string) (destroyed bool, err error) {
	if k.Class == "" {
		have, err := j.Keys.DataKeys()
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(have, func(other seal.DataKey) bool {
			return other.Year == k.Year && other.Class != "" && !other.Destroyed()
		}) {
			return false, nil // the next run, once the others have ended
		}
	}
	act := audit.Act{Operation: "retention", By: by, Reason: reason, On: []audit.Touch{{Kind: audit.Key, ID: k.String()}}}
	return true, j.Act(ctx, act, func(context.Context) error { return j.Keys.Destroy(k.Slot, by, reason) })
}

// record records the erasures that are not on record. What is sealed stays in the store, so
// that it can be counted afterwards as well. What was destroyed by another than this run comes
// on the audit log with it: perhaps no store was asked when it was done.
func (j *Job) record(ctx context.Context, own []Key) ([]store.Erasure, error) {
	have, err := j.Keys.DataKeys()
	if err != nil {
		return nil, err
	}
	gone := slices.DeleteFunc(have, func(k seal.DataKey) bool { return !k.Destroyed() })
	if len(gone) == 0 {
		return nil, nil
	}
	ctx = access.System(ctx)
	known, err := j.Store.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	kinds, err := j.Store.SealedKinds(ctx)
	if err != nil {
		return nil, err
	}
	// The earlier one of a class and its year has what was sealed under the class.
	slices.SortStableFunc(gone, func(a, b seal.DataKey) int { return a.DestroyedAt.Compare(b.DestroyedAt) })
	taken := map[string]bool{}
	var recorded []store.Erasure
	for _, k := range gone {
		ids := sealedUnder(k.Slot, kinds, taken)
		if slices.ContainsFunc(known, func(old store.Erasure) bool { return int(old.Year) == k.Year && old.Class == k.Class }) {
			continue
		}
		e := store.Erasure{ID: uuid.New(), Year: uint16(k.Year), Class: k.Class, DestroyedAt: k.DestroyedAt, By: k.By, Reason: k.Reason}
		if e.SealedCount, err = j.Store.SealedCount(ctx, ids); err != nil {
			return recorded, err
		}
		keep := func(ctx context.Context) error { return j.Store.RecordErasure(access.System(ctx), e) }
		if slices.ContainsFunc(own, func(mine Key) bool { return mine.Slot == k.Slot }) {
			err = keep(ctx)
		} else {
			act := audit.Act{Operation: "record-erasure", By: k.By, Reason: k.Reason, On: []audit.Touch{{Kind: audit.Key, ID: k.String()}}}
			err = j.Act(ctx, act, keep)
		}
		if err != nil {
			return recorded, err
		}
		recorded = append(recorded, e)
	}
	return recorded, nil
}

// sealedUnder are the ids of the keys that a destruction took, and that none before it did.
func sealedUnder(slot seal.Slot, kinds map[string][]string, taken map[string]bool) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(kinds)) {
		of, err := seal.SlotOfKey(id)
		if err != nil || taken[id] || of.Year != slot.Year || slot.Class != "" && of.Class != slot.Class {
			continue
		}
		taken[id] = true
		ids = append(ids, id)
	}
	return ids
}

// Daily runs the job at once and then every day until ctx ends. What goes wrong is logged, and
// tried again the day after.
func (j *Job) Daily(ctx context.Context, mode Mode) {
	for {
		j.once(ctx, mode)
		select {
		case <-ctx.Done():
			return
		case <-time.After(24 * time.Hour):
		}
	}
}

func (j *Job) once(ctx context.Context, mode Mode) {
	done, err := j.Run(ctx, mode, "retention", "the time for which the class is kept is over")
	if err != nil && !errors.Is(err, context.Canceled) {
		j.Log.Error("ending the retention of personal data", "error", err)
	}
	for _, k := range done.Due {
		j.Log.Warn("the retention of a class is over; nothing is destroyed", "key", k.String(), "last_year", k.LastYear, "reports", total(k.Reports),
			"mode", mode, "unverified", k.Unverified)
	}
	for _, e := range done.Recorded {
		j.Log.Warn("personal data are erased", "year", e.Year, "class", e.Class, "reports", total(e.Reports), "persons", e.Persons)
	}
}

func total(reports map[string]uint64) (n uint64) {
	for _, one := range reports {
		n += one
	}
	return n
}

// CheckDecision wants to know who decides and why.
func CheckDecision(by, reason string) error {
	var errs []error
	for _, one := range []struct {
		name, text string
		longest    int
	}{{"by", by, 200}, {"reason", reason, 2000}} {
		if n := len([]rune(strings.TrimSpace(one.text))); n == 0 || n > one.longest {
			errs = append(errs, fmt.Errorf("--%s is needed, at most %d characters: it goes on record", one.name, one.longest))
		}
	}
	return errors.Join(errs...)
}

// Concerned lists the keys that a destruction would take, by year and class.
func Concerned(keys []Key, slot seal.Slot) []Key {
	taken := slices.DeleteFunc(slices.Clone(keys), func(k Key) bool {
		return k.Year != slot.Year || slot.Class != "" && k.Class != slot.Class
	})
	slices.SortFunc(taken, func(a, b Key) int { return cmp.Compare(a.String(), b.String()) })
	return taken
}
