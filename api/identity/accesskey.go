package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/seal"
)

const (
	// KeyPrefix begins every API key, so that a leaked one is recognised by scanners.
	KeyPrefix = "atvsld_key_"

	secretBytes = 32
	// An id is 12 random hex digits and 12 that only this installation can make of them.
	idHalf   = 12
	idDomain = "access key"
	// keyOwner begins the ID of who has a key that is nobody else's.
	keyOwner = "key"
)

var idForm = regexp.MustCompile(`^[0-9a-f]{24}$`)

// newKeyID makes the id of a key.
func newKeyID(keys *seal.Keys) (string, error) {
	random := make([]byte, idHalf/2)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	half := hex.EncodeToString(random)
	return half + idTag(keys, half), nil
}

func idTag(keys *seal.Keys, half string) string { return keys.Pseudonym(idDomain, half)[:idHalf] }

// isKeyID tells whether this installation made the id. Others never reach the store, so that
// nobody can keep it busy with keys that he makes up.
func isKeyID(keys *seal.Keys, id string) bool {
	return idForm.MatchString(id) && subtle.ConstantTimeCompare([]byte(idTag(keys, id[:idHalf])), []byte(id[idHalf:])) == 1
}

// newSecret returns a secret and the hash that is stored of it.
//
// The secret has 256 random bits. A slow hash (bcrypt, Argon2) makes guessing what people
// choose expensive; of 2^256 equally likely values nobody guesses one, however fast the hash,
// and a slow one would cost every request.
func newSecret() (secret, hash string, err error) {
	random := make([]byte, secretBytes)
	if _, err := rand.Read(random); err != nil {
		return "", "", err
	}
	return base64.RawURLEncoding.EncodeToString(random), hashOf(random), nil
}

func hashOf(secret []byte) string {
	sum := sha256.Sum256(secret)
	return hex.EncodeToString(sum[:])
}

// identifyKey answers for "atvsld_key_<id>_<secret>".
func (v *Verifier) identifyKey(ctx context.Context, text string) (access.Caller, error) {
	id, encoded, _ := strings.Cut(strings.TrimPrefix(text, KeyPrefix), "_")
	if !isKeyID(v.config.Keys, id) {
		return access.Caller{}, refused("not an API key of this installation")
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil || len(secret) != secretBytes {
		return access.Caller{}, refused("not the secret of an API key")
	}
	key, err := v.accessKeys.get(ctx, id)
	if err != nil {
		return access.Caller{}, err
	}
	if !matches(hashOf(secret), key.Hashes(v.config.Clock())) {
		return access.Caller{}, refused("API key %s: wrong secret, revoked or expired", id)
	}
	if err := v.lives(ctx, key); err != nil {
		return access.Caller{}, err
	}
	return v.complete(ctx, callerOf(key.AccessKey))
}

// matches compares with every hash in constant time.
func matches(hash string, valid []string) bool {
	found := 0
	for _, one := range valid {
		found |= subtle.ConstantTimeCompare([]byte(hash), []byte(one))
	}
	return found == 1
}

// knownKey is an API key with what is revoked under the names of those who had to do with it.
type knownKey struct {
	store.AccessKey
	revoked revoked
}

// maxMakers bounds how many keys stand one behind the other. No key is made with a key that
// was made with a key; a longer row can only be of before that rule.
const maxMakers = 8

// lives refuses a key that has ended, be it with a key that it was made with, however many
// keys ago: whoever stole that must not keep what he made with it.
func (v *Verifier) lives(ctx context.Context, key knownKey) error {
	now := v.config.Clock()
	for range maxMakers {
		if len(key.Hashes(now)) == 0 {
			return refused("API key %s: revoked or expired", key.ID)
		}
		if v.actorRevoked(key) {
			return refused("API key %s: who made or rotated it was revoked after that", key.ID)
		}
		parent := key.Events[0].Token
		if !isKeyID(v.config.Keys, parent) {
			return nil
		}
		maker, err := v.accessKeys.get(ctx, parent)
		if err != nil {
			return err
		}
		if !secretsLive(maker.AccessKey, key.Events[0].At, now) {
			return refused("API key %s: the key that it was made with has ended, or its secret of then", key.ID)
		}
		key = maker
	}
	return refused("API key %s: made with more than %d keys, one with the other", key.ID, maxMakers)
}

// secretsLive tells whether every secret of a key that was valid at a time is valid now. With
// which of them a key was made is not recorded, so each of them could be the stolen one.
func secretsLive(maker store.AccessKey, then, now time.Time) bool {
	past := maker
	past.Events = nil
	for _, e := range maker.Events {
		if !e.At.After(then) {
			past.Events = append(past.Events, e)
		}
	}
	valid := maker.Hashes(now)
	return !slices.ContainsFunc(past.Hashes(then), func(hash string) bool { return !slices.Contains(valid, hash) })
}

// actorRevoked tells whether the holder of a key, or who made or rotated it, was revoked
// since: a thief may have done it with the token that the revocation is about.
func (v *Verifier) actorRevoked(key knownKey) bool {
	if key.Events[0].At.Before(key.revoked[[2]string{store.RevokedPrincipal, key.Owner}]) {
		return true
	}
	for _, e := range key.Events {
		for _, name := range v.namesOfActor(e) {
			if e.Event != store.KeyRevoked && e.At.Before(key.revoked[name]) {
				return true
			}
		}
	}
	return false
}

// namesOfActor are those by which who did something about a key can be revoked.
func (v *Verifier) namesOfActor(e store.AccessKeyEvent) [][2]string {
	// A principal of a foreign issuer carries its subject's pseudonym; one of the local issuer
	// is the subject, and so was a UUID of a foreign one once.
	_, pseudonym, _ := strings.Cut(e.By, ":")
	names := [][2]string{{store.RevokedToken, e.Token}, {store.RevokedPrincipal, e.By}, {store.RevokedSubject, pseudonym}}
	for issuer := range v.issuers {
		names = append(names, [2]string{store.RevokedSubject, subjectKey(v.config.Keys, issuer, e.By)})
	}
	return names
}

func callerOf(key store.AccessKey) access.Caller {
	// Copies: what is remembered may not be changed.
	return access.Caller{
		ID: key.Owner, Role: key.Role, Units: slices.Clone(key.Units), Provinces: slices.Clone(key.Provinces), Nation: key.Nation,
		Sections: slices.Clone(key.Sections), Token: key.ID,
	}
}

func (v *Verifier) askAccessKey(ctx context.Context, id string) (knownKey, error) {
	if v.config.Records == nil {
		return knownKey{}, refused("this process knows no API keys")
	}
	key, err := v.config.Records.AccessKey(access.System(ctx), id)
	if errors.Is(err, store.ErrNoAccessKey) {
		return knownKey{}, refused("there is no API key %s", id)
	}
	if err != nil {
		return knownKey{}, err
	}
	return v.withRevocations(ctx, key)
}

func (v *Verifier) withRevocations(ctx context.Context, key store.AccessKey) (knownKey, error) {
	values := []string{key.Owner}
	for _, e := range key.Events {
		for _, name := range v.namesOfActor(e) {
			values = append(values, name[1])
		}
	}
	slices.Sort(values)
	found, err := v.config.Records.RevokedBefore(access.System(ctx), slices.Compact(values))
	return knownKey{key, found}, err
}
