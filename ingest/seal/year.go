package seal

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"
)

// ErrKeyDestroyed says that the data key is gone and its texts can never be read again, nor
// can a new text be sealed for that year and class.
var ErrKeyDestroyed = errors.New("data key is destroyed")

// wrapContext is older than the classes; changing it would lock every key out.
const wrapContext = "atvsld year key v1\x00"

// dataKey is a data key in use.
type dataKey struct {
	id   string
	aead cipher.AEAD
	// file is the key file that was read. A key is in use only as long as its file stands, so
	// destroying it in one process takes effect in all.
	file os.FileInfo
}

// keyFile is the content of a key file. The id has a random part: should a key be removed by
// hand and made again, texts of the old one are not taken for texts of the new one.
type keyFile struct {
	ID      string `json:"id"`
	Wrapped []byte `json:"wrapped"` // AES-256-GCM under the master key, nonce first
}

// YearOf returns the calendar year of the time in Viet Nam.
func YearOf(t time.Time) int {
	// Asia/Ho_Chi_Minh has been UTC+7 without daylight saving time since 13 June 1975.
	return t.In(time.FixedZone("+07", 7*60*60)).Year()
}

// data returns the key of the slot; with create it makes one when there is none.
func (k *Keys) data(slot Slot, create bool) (*dataKey, error) {
	info, statErr := os.Stat(k.slotPath(slot))
	if statErr == nil {
		k.mu.RLock()
		key := k.keys[slot]
		k.mu.RUnlock()
		if key.readFrom(info) {
			return key, nil
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key, err := k.load(slot, create)
	if err != nil {
		delete(k.keys, slot)
		return nil, err
	}
	k.keys[slot] = key
	return key, nil
}

func (d *dataKey) readFrom(info os.FileInfo) bool {
	return d != nil && os.SameFile(d.file, info) && d.file.ModTime().Equal(info.ModTime())
}

// load reads the key file, or makes it. The tombstone is looked for after the file was read: a
// destruction that began in between then wins.
func (k *Keys) load(slot Slot, create bool) (*dataKey, error) {
	if err := k.refuseDestroyed(slot); err != nil {
		return nil, err
	}
	key, err := k.read(slot, k.secrets.master)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		key, err = k.make(slot)
	case errors.Is(err, errOtherMaster):
		key, err = k.readAgain(slot)
	}
	if destroyed := k.refuseDestroyed(slot); destroyed != nil {
		return nil, errors.Join(destroyed, erase(k.slotPath(slot)))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s is not there; it was removed, or this is the key directory of another deployment", ErrKeyDestroyed, k.slotPath(slot))
	}
	return key, err
}

// read reads the key file and opens it under one of the masters.
func (k *Keys) read(slot Slot, masters ...cipher.AEAD) (*dataKey, error) {
	path := k.slotPath(slot)
	data, info, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	// Also when another process made the file: it may not have come to this line yet, and
	// nothing may be encrypted under a key that a power cut can take away.
	if err := syncDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	return k.open(slot, data, info, masters...)
}

// open opens the content of a key file under one of the masters.
func (k *Keys) open(slot Slot, data []byte, info os.FileInfo, masters ...cipher.AEAD) (*dataKey, error) {
	id, raw, err := k.unwrap(slot, data, masters...)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(raw)
	clear(raw)
	if err != nil {
		return nil, err
	}
	return &dataKey{id: id, aead: aead, file: info}, nil
}

// make makes the key file under the master key that is in force. While it does, nobody can
// rotate the master key: the new file would be missed, and lost with the old master.
func (k *Keys) make(slot Slot) (key *dataKey, err error) {
	err = k.locked(shared, func() error {
		masters, err := k.masters()
		if err != nil {
			return err
		}
		k.secrets.master = masters[0]
		data, info, err := obtain(k.slotPath(slot), func() ([]byte, error) { return newKeyFile(slot, masters[0]) })
		if err != nil {
			return err
		}
		key, err = k.open(slot, data, info, masters...)
		return err
	})
	return key, err
}

// readAgain reads a key file that the master key in use does not open: another process may
// have rotated it. No rotation is under way meanwhile, so file and master belong together.
func (k *Keys) readAgain(slot Slot) (key *dataKey, err error) {
	err = k.locked(shared, func() error {
		masters, err := k.masters()
		if err != nil {
			return err
		}
		k.secrets.master = masters[0]
		key, err = k.read(slot, masters...)
		return err
	})
	if errors.Is(err, errOtherMaster) {
		return nil, fmt.Errorf("key file %s does not open under this master key: restore the file and the master key from one backup", k.slotPath(slot))
	}
	return key, err
}

func newKeyFile(slot Slot, master cipher.AEAD) ([]byte, error) {
	random := make([]byte, 8+keySize)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	return wrap(slot.String()+"-"+hex.EncodeToString(random[:8]), random[8:], master)
}

func wrap(id string, raw []byte, master cipher.AEAD) ([]byte, error) {
	return json.Marshal(keyFile{ID: id, Wrapped: master.Seal(nil, nil, raw, wrapAAD(id))})
}

// unwrap opens the content of a key file: errOtherMaster when none of the masters does.
func (k *Keys) unwrap(slot Slot, data []byte, masters ...cipher.AEAD) (id string, raw []byte, err error) {
	var file keyFile
	if err := json.Unmarshal(data, &file, json.RejectUnknownMembers(true)); err != nil {
		return "", nil, fmt.Errorf("key file %s is damaged: not the JSON of a data key", k.slotPath(slot))
	}
	if of, err := SlotOfKey(file.ID); err != nil || of != slot {
		return "", nil, fmt.Errorf("key file %s is damaged: it holds the key of another year or class", k.slotPath(slot))
	}
	for _, master := range masters {
		if raw, err = master.Open(nil, nil, file.Wrapped, wrapAAD(file.ID)); err == nil && len(raw) == keySize {
			return file.ID, raw, nil
		}
	}
	return "", nil, errOtherMaster
}

func wrapAAD(id string) []byte { return []byte(wrapContext + id) }

// checkKeys opens every data key, so that a wrong master key shows at the start and not at a
// filing, and finishes destructions that a crash cut short.
func (k *Keys) checkKeys() error {
	slots, err := k.presentSlots()
	if err != nil {
		return err
	}
	for _, slot := range slots {
		_, err := k.data(slot, false)
		if errors.Is(err, ErrKeyDestroyed) {
			err = erase(k.slotPath(slot))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// presentSlots lists the data keys that have a file, by year and class.
func (k *Keys) presentSlots() ([]Slot, error) {
	entries, err := os.ReadDir(k.yearsDir())
	if err != nil {
		return nil, fmt.Errorf("list data keys: %w", err)
	}
	var slots []Slot
	for _, entry := range entries {
		if slot, err := parseSlot(entry.Name()); err == nil {
			slots = append(slots, slot)
		}
	}
	return slots, nil
}

func (k *Keys) yearsDir() string { return filepath.Join(k.dir, "years") }

func (k *Keys) slotPath(slot Slot) string { return filepath.Join(k.yearsDir(), slot.String()) }
