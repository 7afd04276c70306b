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
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// ErrKeyDestroyed says that the year's key is gone and its texts can never be read again, nor
// can a new text be sealed for that year.
var ErrKeyDestroyed = errors.New("key of the year is destroyed")

const (
	tombstoneSuffix = ".destroyed"
	firstYear       = 1900
	lastYear        = 2999
	wrapContext     = "atvsld year key v1\x00"
)

var (
	yearName  = regexp.MustCompile(`^[0-9]{4}$`)
	keyIDForm = regexp.MustCompile(`^([0-9]{4})-[0-9a-f]{16}$`)
)

// yearKey is a data key in use.
type yearKey struct {
	id   string
	aead cipher.AEAD
	// file is the key file that was read. A key is in use only as long as its file stands, so
	// destroying a year in one process takes effect in all.
	file os.FileInfo
}

// yearFile is the content of a key file. The id has a random part: should a key be removed by
// hand and made again, texts of the old one are not taken for texts of the new one.
type yearFile struct {
	ID      string `json:"id"`
	Wrapped []byte `json:"wrapped"` // AES-256-GCM under the master key, nonce first
}

type tombstone struct {
	Year        int       `json:"year"`
	DestroyedAt time.Time `json:"destroyed_at"`
}

// YearOf returns the calendar year of the time in Viet Nam.
func YearOf(t time.Time) int {
	// Asia/Ho_Chi_Minh has been UTC+7 without daylight saving time since 13 June 1975.
	return t.In(time.FixedZone("+07", 7*60*60)).Year()
}

// DestroyYear destroys the year's key for good: every text sealed under it becomes unreadable,
// here at once and in every other process on this directory at its next use, and no key is
// made for that year again. Repeating it is harmless. Copies of the key file in backups, and
// of the texts' clear form elsewhere, are beyond its reach.
func (k *Keys) DestroyYear(year int) error {
	if err := checkYear(year); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()

	// The tombstone comes first. After a crash in between, Open finishes the work; the other
	// way round a year could be made again.
	_, _, err := obtain(k.tombstonePath(year), func() ([]byte, error) {
		return json.Marshal(tombstone{Year: year, DestroyedAt: time.Now().UTC()})
	})
	if err != nil {
		return fmt.Errorf("mark key of %d as destroyed: %w", year, err)
	}
	delete(k.years, year)
	if err := erase(k.yearPath(year)); err != nil {
		return fmt.Errorf("destroy key of %d: %w", year, err)
	}
	return nil
}

// year returns the year's key; with create it makes one when there is none.
func (k *Keys) year(year int, create bool) (*yearKey, error) {
	info, statErr := os.Stat(k.yearPath(year))
	if statErr == nil {
		k.mu.RLock()
		key := k.years[year]
		k.mu.RUnlock()
		if key.readFrom(info) {
			return key, nil
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key, err := k.load(year, create)
	if err != nil {
		delete(k.years, year)
		return nil, err
	}
	k.years[year] = key
	return key, nil
}

func (y *yearKey) readFrom(info os.FileInfo) bool {
	return y != nil && os.SameFile(y.file, info) && y.file.ModTime().Equal(info.ModTime())
}

// load reads the key file. The tombstone is looked for after the file was read or made: a
// destruction that began in between then wins.
func (k *Keys) load(year int, create bool) (*yearKey, error) {
	if err := k.refuseDestroyed(year); err != nil {
		return nil, err
	}
	path := k.yearPath(year)
	var data []byte
	var info os.FileInfo
	var err error
	if create {
		data, info, err = obtain(path, func() ([]byte, error) { return k.newYearFile(year) })
	} else {
		data, info, err = readPrivate(path)
	}
	if destroyed := k.refuseDestroyed(year); destroyed != nil {
		return nil, errors.Join(destroyed, erase(path))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s is not there; it was removed, or this is the key directory of another deployment", ErrKeyDestroyed, path)
	}
	if err != nil {
		return nil, err
	}
	return k.unwrap(year, data, info)
}

func (k *Keys) newYearFile(year int) ([]byte, error) {
	random := make([]byte, 8+keySize)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	id := fmt.Sprintf("%04d-%s", year, hex.EncodeToString(random[:8]))
	return json.Marshal(yearFile{ID: id, Wrapped: k.secrets.master.Seal(nil, nil, random[8:], wrapAAD(id))})
}

func (k *Keys) unwrap(year int, data []byte, info os.FileInfo) (*yearKey, error) {
	var file yearFile
	if err := json.Unmarshal(data, &file, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("key file %s is damaged: not the JSON of a year key", k.yearPath(year))
	}
	if of, err := yearOfKey(file.ID); err != nil || of != year {
		return nil, fmt.Errorf("key file %s is damaged: it holds the key of another year", k.yearPath(year))
	}
	raw, err := k.secrets.master.Open(nil, nil, file.Wrapped, wrapAAD(file.ID))
	if err != nil || len(raw) != keySize {
		return nil, fmt.Errorf("key file %s does not open under this master key: restore the file and the master key from one backup", k.yearPath(year))
	}
	aead, err := newAEAD(raw)
	clear(raw)
	if err != nil {
		return nil, err
	}
	return &yearKey{id: file.ID, aead: aead, file: info}, nil
}

func wrapAAD(id string) []byte { return []byte(wrapContext + id) }

// checkYears opens every year key, so that a wrong master key shows at the start and not at a
// filing, and finishes destructions that a crash cut short.
func (k *Keys) checkYears() error {
	years, err := k.presentYears()
	if err != nil {
		return err
	}
	for _, year := range years {
		_, err := k.year(year, false)
		if errors.Is(err, ErrKeyDestroyed) {
			err = erase(k.yearPath(year))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// presentYears lists the years that have a key file.
func (k *Keys) presentYears() ([]int, error) {
	entries, err := os.ReadDir(k.yearsDir())
	if err != nil {
		return nil, fmt.Errorf("list year keys: %w", err)
	}
	var years []int
	for _, entry := range entries {
		if !yearName.MatchString(entry.Name()) {
			continue
		}
		year, err := strconv.Atoi(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("list year keys: %w", err)
		}
		years = append(years, year)
	}
	return years, nil
}

func (k *Keys) refuseDestroyed(year int) error {
	destroyed, err := exists(k.tombstonePath(year))
	if err != nil {
		return err
	}
	if destroyed {
		return fmt.Errorf("%w: %d", ErrKeyDestroyed, year)
	}
	return nil
}

// yearOfKey takes the year from a key id. The id comes from stored records and names a file,
// so nothing but the exact form is let through.
func yearOfKey(id string) (int, error) {
	if !keyIDForm.MatchString(id) {
		return 0, errors.New("not the id of a year key")
	}
	digits, _, _ := strings.Cut(id, "-")
	year, err := strconv.Atoi(digits)
	if err != nil {
		return 0, fmt.Errorf("year of key id: %w", err)
	}
	return year, checkYear(year)
}

func checkYear(year int) error {
	if year < firstYear || year > lastYear {
		return fmt.Errorf("year %d is not within %d to %d", year, firstYear, lastYear)
	}
	return nil
}

func (k *Keys) yearsDir() string { return filepath.Join(k.dir, "years") }

func (k *Keys) yearPath(year int) string {
	return filepath.Join(k.yearsDir(), fmt.Sprintf("%04d", year))
}

func (k *Keys) tombstonePath(year int) string { return k.yearPath(year) + tombstoneSuffix }
