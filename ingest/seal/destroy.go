package seal

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const tombstoneSuffix = ".destroyed"

// tombstone is the content of the file that stays where a key was.
type tombstone struct {
	Year        int       `json:"year"`
	Class       string    `json:"class,omitzero"`
	DestroyedAt time.Time `json:"destroyed_at"`
	By          string    `json:"by,omitzero"`
	Reason      string    `json:"reason,omitzero"`
}

// Destroy destroys a data key for good: every text sealed under it becomes unreadable, here at
// once and in every other process on this directory at its next use, and no key is made for
// that year and class again. A slot without a class is the whole year: the keys of all its
// classes and the one that they once shared. by and reason stay in the tombstone. Repeating it
// is harmless. Copies of the key file in backups, and of the texts' clear form elsewhere, are
// beyond its reach; so is, when only a class is destroyed, what was sealed under the key that
// all classes of the year once shared (see [Keys.DataKeys]).
func (k *Keys) Destroy(slot Slot, by, reason string) error {
	if err := slot.check(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	// Alone in the directory: a rotation of the master key would write the file anew.
	return k.locked(alone, func() error {
		// The tombstone comes first. After a crash in between, Open finishes the work; the
		// other way round a key could be made again.
		_, _, err := obtain(k.tombstonePath(slot), func() ([]byte, error) {
			return json.Marshal(tombstone{Year: slot.Year, Class: slot.Class, DestroyedAt: time.Now().UTC(), By: by, Reason: reason})
		})
		if err != nil {
			return fmt.Errorf("mark key of %s as destroyed: %w", slot, err)
		}
		return k.eraseSlots(slot)
	})
}

// eraseSlots erases the key of a slot, of a whole year all of them.
func (k *Keys) eraseSlots(slot Slot) error {
	// Nobody else writes here now, so each temporary file was left behind by a crash, and may
	// hold one of these keys.
	if err := eraseTemps(k.yearsDir()); err != nil {
		return err
	}
	present, err := k.presentSlots()
	if err != nil {
		return err
	}
	for _, s := range present {
		if s.Year != slot.Year || slot.Class != "" && s.Class != slot.Class {
			continue
		}
		delete(k.keys, s)
		if err := erase(k.slotPath(s)); err != nil {
			return fmt.Errorf("destroy key of %s: %w", s, err)
		}
	}
	return nil
}

// refuseDestroyed tells whether the slot, or its whole year, has a tombstone.
func (k *Keys) refuseDestroyed(slot Slot) error {
	for _, s := range []Slot{slot, {Year: slot.Year}} {
		// The key that all classes shared has the whole year's tombstone.
		destroyed, err := exists(k.tombstonePath(s))
		if err != nil {
			return err
		}
		if destroyed {
			return fmt.Errorf("%w: %s", ErrKeyDestroyed, s)
		}
	}
	return nil
}

func (k *Keys) tombstonePath(slot Slot) string { return k.slotPath(slot) + tombstoneSuffix }

// DataKey says what there is of one data key. It holds no secret.
type DataKey struct {
	Slot
	// ID names the key in stored records; empty of a destroyed one.
	ID string
	// DestroyedAt is zero while the key is there. By and Reason are whose decision it was.
	DestroyedAt time.Time
	By, Reason  string
}

// Destroyed tells whether the key is gone.
func (d DataKey) Destroyed() bool { return !d.DestroyedAt.IsZero() }

// DataKeys lists the data keys and what was destroyed, by year and class. A whole year that
// was destroyed is one entry without a class. It reads the directory anew.
func (k *Keys) DataKeys() ([]DataKey, error) {
	slots, err := k.presentSlots()
	if err != nil {
		return nil, err
	}
	var all []DataKey
	for _, slot := range slots {
		key, err := k.data(slot, false)
		if errors.Is(err, ErrKeyDestroyed) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, DataKey{Slot: slot, ID: key.id})
	}
	destroyed, err := k.tombstones()
	if err != nil {
		return nil, err
	}
	all = append(all, destroyed...)
	slices.SortFunc(all, func(a, b DataKey) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), strings.Compare(a.Class, b.Class))
	})
	return all, nil
}

func (k *Keys) tombstones() ([]DataKey, error) {
	entries, err := os.ReadDir(k.yearsDir())
	if err != nil {
		return nil, fmt.Errorf("list data keys: %w", err)
	}
	var all []DataKey
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), tombstoneSuffix)
		slot, err := parseSlot(name)
		if !ok || err != nil {
			continue
		}
		data, info, err := readPrivate(k.tombstonePath(slot))
		if err != nil {
			return nil, err
		}
		var t tombstone
		// That it stands there is what counts, whatever became of its content.
		if json.Unmarshal(data, &t) != nil || t.DestroyedAt.IsZero() {
			t.DestroyedAt = info.ModTime()
		}
		all = append(all, DataKey{Slot: slot, DestroyedAt: t.DestroyedAt, By: t.By, Reason: t.Reason})
	}
	return all, nil
}
