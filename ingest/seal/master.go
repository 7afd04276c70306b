package seal

import (
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// errOtherMaster says that a key file was wrapped under another master key.
var errOtherMaster = errors.New("key file does not open under the master key in use")

// nextMaster is the master key that a rotation leads to. It stands beside master only while a
// rotation is under way, or after one that was cut short.
const nextMaster = "master.next"

// RotateMaster puts a new master key in the place of the one that wraps the data keys, and
// destroys the old one. The data keys themselves, and so every sealed text, stay as they are.
// Other processes on the directory go on: they find the new master key when they next read a
// key file.
//
// It can be killed at any moment. The directory then opens with both masters, and the next
// call goes on to the same new one:
//
//  1. master.next is made and safe on the disk;
//  2. every key file is replaced, one at a time, by the same key wrapped under master.next;
//  3. master.next is renamed to master, and the bytes of the old file are blanked.
//
// Whoever held a copy of the old master and of the old key files (a backup) can still read
// what was sealed until now: rotation protects against a master that leaks later than the
// files, not against both together.
//
// It returns how many data keys were wrapped anew.
func (k *Keys) RotateMaster() (wrapped int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	err = k.locked(alone, func() error {
		if err := eraseTemps(k.yearsDir()); err != nil {
			return err
		}
		if _, err := obtainSymmetric(k.path(nextMaster)); err != nil {
			return err
		}
		k.pass()
		masters, err := k.masters()
		if err != nil {
			return err
		}
		if wrapped, err = k.rewrapAll(masters); err != nil {
			return err
		}
		if err := k.replaceMaster(); err != nil {
			return err
		}
		k.secrets.master = masters[1]
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("rotate the master key: %w", err)
	}
	return wrapped, nil
}

// masters reads the master key, and behind it the one that an unfinished rotation leads to.
func (k *Keys) masters() ([]cipher.AEAD, error) {
	var all []cipher.AEAD
	for _, name := range []string{"master", nextMaster} {
		data, _, err := readPrivate(k.path(name))
		if name == nextMaster && errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, err
		}
		raw, err := parseSymmetric(k.path(name), data)
		if err != nil {
			return nil, err
		}
		aead, err := newAEAD(raw)
		clear(raw)
		if err != nil {
			return nil, err
		}
		all = append(all, aead)
	}
	return all, nil
}

func (k *Keys) rewrapAll(masters []cipher.AEAD) (wrapped int, err error) {
	slots, err := k.presentSlots()
	if err != nil {
		return 0, err
	}
	for _, slot := range slots {
		if destroyed := k.refuseDestroyed(slot); errors.Is(destroyed, ErrKeyDestroyed) {
			err = erase(k.slotPath(slot)) // a destruction that was cut short
		} else if err = errors.Join(destroyed, k.rewrap(slot, masters)); err == nil {
			wrapped++
		}
		if err != nil {
			return wrapped, err
		}
	}
	return wrapped, nil
}

// rewrap replaces a key file by one that holds the same key under the next master.
func (k *Keys) rewrap(slot Slot, masters []cipher.AEAD) error {
	path := k.slotPath(slot)
	data, _, err := readPrivate(path)
	if err != nil {
		return err
	}
	id, raw, err := k.unwrap(slot, data, masters...)
	if err != nil {
		return fmt.Errorf("key file %s: %w", path, err)
	}
	fresh, err := wrap(id, raw, masters[1])
	clear(raw)
	if err != nil {
		return err
	}
	return k.replace(path, fresh)
}

// replaceMaster renames the next master key to its place and blanks the old one.
func (k *Keys) replaceMaster() (err error) {
	old, err := os.OpenFile(k.path("master"), os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("open the old master key: %w", err)
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	k.pass()
	if err := os.Rename(k.path(nextMaster), k.path("master")); err != nil {
		return fmt.Errorf("put the new master key in place: %w", err)
	}
	if err := syncDir(k.dir); err != nil {
		return err
	}
	k.pass()
	if _, err = old.Write(make([]byte, 2*hex.EncodedLen(keySize))); err == nil {
		err = old.Sync()
	}
	if err != nil {
		return fmt.Errorf("blank the old master key: %w", err)
	}
	return nil
}

// replace writes the file anew, whole or not at all.
func (k *Keys) replace(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), tempPrefix+"*") // mode 0600
	if err != nil {
		return fmt.Errorf("create key file: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write key file: %w", err), os.Remove(f.Name()))
	}
	k.pass()
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(fmt.Errorf("put key file in place: %w", err), os.Remove(f.Name()))
	}
	k.pass()
	return syncDir(filepath.Dir(path))
}

// pass tells a test how far a rotation has come.
func (k *Keys) pass() {
	if k.step != nil {
		k.step()
	}
}
