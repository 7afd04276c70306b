package seal

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// ErrUnreadable says that a sealed text is damaged, was sealed for another report or revision,
// or names a key that did not seal it.
var ErrUnreadable = errors.New("sealed text does not open")

// formatV1 is the first byte of a sealed text: AES-256-GCM, then 12 bytes of nonce, the
// ciphertext and 16 bytes of tag.
const formatV1 = 0x01

// Overhead is by how many bytes a sealed text is longer than its clear form.
const Overhead = 1 + 12 + 16

// AAD returns the associated data that ties a sealed text to one revision of one report.
func AAD(reportID uuid.UUID, revision uint32) []byte {
	return binary.BigEndian.AppendUint32(reportID[:], revision)
}

// Seal encrypts the text under the key of the slot and returns it with that key's id. The key
// is made when the slot has none yet. It opens only together with the same associated data
// (see AAD), which may not be empty. The length of the text is not hidden.
//
// Errors: ErrKeyDestroyed when the key or its whole year was destroyed; otherwise the key directory could
// not be used, and trying again later may help.
//
// Nonces are 96 random bits. NIST SP 800-38D §8.3 allows 2^32 messages a key, which keeps the
// chance of a repeated nonce below 2^-32. One key serves at most one year: with 10^7 sealed texts a
// year, many times what the country's one million enterprises file, the chance is about
// 6·10^-16. Since nonces are random, gateways that share a key need not agree on anything.
func (k *Keys) Seal(slot Slot, private, aad []byte) (ciphertext []byte, keyID string, err error) {
	if err := slot.check(); err != nil {
		return nil, "", fmt.Errorf("seal text: %w", err)
	}
	if len(aad) == 0 {
		return nil, "", errors.New("seal text: no associated data, so it could be moved to another report")
	}
	key, err := k.data(slot, true)
	if err != nil {
		return nil, "", fmt.Errorf("seal text: %w", err)
	}
	out := make([]byte, 1, Overhead+len(private))
	out[0] = formatV1
	return key.aead.Seal(out, nil, private, key.bind(aad)), key.id, nil
}

// Unseal decrypts a sealed text.
//
// Errors: ErrKeyDestroyed when the key is no longer there, ErrUnreadable when the text does
// not open under it.
func (k *Keys) Unseal(keyID string, ciphertext, aad []byte) ([]byte, error) {
	slot, err := SlotOfKey(keyID)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if len(ciphertext) < Overhead || ciphertext[0] != formatV1 {
		return nil, fmt.Errorf("%w: too short or of an unknown format", ErrUnreadable)
	}
	key, err := k.data(slot, false)
	if err != nil {
		return nil, fmt.Errorf("unseal text: %w", err)
	}
	if key.id != keyID {
		return nil, fmt.Errorf("unseal text: %w: the key of %s was replaced", ErrKeyDestroyed, slot)
	}
	private, err := key.aead.Open(nil, nil, ciphertext[1:], key.bind(aad))
	if err != nil {
		return nil, fmt.Errorf("%w: damaged, or sealed for another report", ErrUnreadable)
	}
	return private, nil
}

// bind adds format and key id to the caller's associated data. Where an id ends need not show
// in the result: no two ids have the same key.
func (d *dataKey) bind(aad []byte) []byte {
	bound := make([]byte, 0, 1+len(d.id)+len(aad))
	bound = append(bound, formatV1)
	bound = append(bound, d.id...)
	return append(bound, aad...)
}
