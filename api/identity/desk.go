package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

// MaxGrace is the longest time for which a secret stays valid after it was replaced.
const MaxGrace = 7 * 24 * time.Hour

const (
	maxLabel  = 100
	maxReason = 500
	maxList   = 1000
	// maxLiving is how many keys that have not ended a holder may have who is no operator.
	maxLiving = 100
	// maxRotations bounds what is stored, and read at each use, of one key.
	maxRotations = 1000
	// maxYears is for how long a key is made, at most, by who is no operator.
	maxYears = 1
)

var (
	// ErrEnded says that a key was revoked or has expired, so that it cannot be rotated.
	ErrEnded = errors.New("the API key has ended")
	// ErrTooMany says that a holder has as many keys as he may.
	ErrTooMany = errors.New("too many API keys")
	// ErrRotations says that a key was rotated as often as it may be.
	ErrRotations = errors.New("the API key was rotated too often")
	// ErrKeyOfKey says that a key which was made with a key makes no further ones.
	ErrKeyOfKey = errors.New("made with a key that was made with a key")
)

// Desk is where API keys are made and ended, and tokens revoked. Who asks is the caller of the
// context. It is safe for concurrent use.
type Desk struct {
	verifier *Verifier
	store    *store.Store
}

// NewDesk makes one. The verifier of the same process knows at once what is decided here.
func NewDesk(v *Verifier, s *store.Store) *Desk { return &Desk{v, s} }

// Wish is what a key is wished for. Without a scope it is that of who makes it.
type Wish struct {
	Scope
	Name string
	// Expires is zero for never if an operator makes the key, and else for in a year, which
	// is also the latest.
	Expires time.Time
}

// MakeKey makes a key and returns it with what its holder presents, which is not known
// afterwards; or everything that is wrong with the wish.
func (d *Desk) MakeKey(ctx context.Context, w Wish) (key store.AccessKey, token string, faults []Fault, err error) {
	by, err := d.mayMake(ctx)
	if err != nil {
		return key, "", nil, err
	}
	if w.Role == "" {
		w.Role = string(by.Role)
	}
	holder, faults := d.holder(w.Scope, by)
	w.Name = strings.TrimSpace(w.Name)
	if !readable(w.Name, maxLabel) {
		faults = append(faults, Fault{Member: "name", VI: "từ 1 đến 100 ký tự đọc được", EN: "has 1 to 100 readable characters"})
	}
	expires, wrong := d.expiry(w.Expires, by)
	if faults = append(faults, wrong...); len(faults) > 0 {
		return key, "", faults, nil
	}
	id, err := newKeyID(d.verifier.config.Keys)
	if err != nil {
		return key, "", nil, fmt.Errorf("make an API key: %w", err)
	}
	if holder.ID == "" {
		holder.ID = keyOwner + ":" + id
	}
	key, token, err = d.record(ctx, by, store.AccessKey{
		ID: id, Owner: holder.ID, Name: w.Name, Role: holder.Role, Units: holder.Units, Provinces: holder.Provinces,
		Nation: holder.Nation, Sections: holder.Sections, Expires: expires,
	}, store.AccessKeyEvent{Event: store.KeyMade})
	return key, token, nil, err
}

// mayMake returns who asks, if he may make a further key.
func (d *Desk) mayMake(ctx context.Context) (access.Caller, error) {
	by, err := access.Of(ctx)
	if err != nil {
		return by, err
	}
	if !by.May(access.ManageKeys) {
		return by, &access.DeniedError{Action: access.ManageKeys}
	}
	if d.withKey(by) {
		key, err := d.store.AccessKey(ctx, by.Token)
		if err != nil {
			return by, err
		}
		if isKeyID(d.verifier.config.Keys, key.Events[0].Token) {
			return by, ErrKeyOfKey
		}
	}
	if all(by) {
		return by, nil
	}
	living, err := d.store.LivingAccessKeys(ctx, d.verifier.config.Clock())
	if err == nil && living >= maxLiving {
		err = ErrTooMany
	}
	return by, err
}

// withKey tells whether the caller has presented an API key.
func (d *Desk) withKey(by access.Caller) bool { return isKeyID(d.verifier.config.Keys, by.Token) }

// expiry is when a key will end for which a time is wished.
func (d *Desk) expiry(wished time.Time, by access.Caller) (time.Time, []Fault) {
	now := d.verifier.config.Clock()
	latest := now.AddDate(maxYears, 0, 0)
	switch {
	case wished.IsZero() && all(by):
		return wished, nil
	case wished.IsZero():
		return latest, nil
	case !wished.After(now):
		return wished, []Fault{{Member: "expires_at", VI: "đã qua", EN: "is over"}}
	case !all(by) && wished.After(latest):
		return wished, []Fault{{Member: "expires_at", VI: "sau hơn một năm", EN: "is more than a year from now"}}
	}
	return wished, nil
}

// all tells whether the caller may make keys of anybody.
func all(by access.Caller) bool { return access.ExtentOf(by.Role, access.ManageKeys) == access.All }

// holder is who will present the key: never more than who makes it, unless that is an operator.
func (d *Desk) holder(s Scope, by access.Caller) (access.Caller, []Fault) {
	if max(len(s.Establishments), len(s.Communes), len(s.Provinces), len(s.Sections)) > maxList {
		return access.Caller{}, []Fault{{VI: "phạm vi quá 1000 mục", EN: "a scope has at most 1000 items"}}
	}
	if by.Role == access.Software || by.Role == access.ZoneBoard {
		by.Units = nil // What others granted is asked for at each use.
	}
	if !all(by) && s.Role == string(by.Role) && empty(s) {
		return by, nil
	}
	holder, faults := s.caller(d.verifier.config.Keys, d.verifier.config.Seeds)
	if all(by) {
		return holder, faults
	}
	faults = append(faults, wider(holder, by)...)
	holder.ID = by.ID
	return holder, faults
}

func empty(s Scope) bool {
	return len(s.Provinces)+len(s.Establishments)+len(s.Communes)+len(s.Sections) == 0 && s.Establishment+s.Software+s.Zone == ""
}

// wider names what a holder would reach that its maker does not.
func wider(holder, by access.Caller) []Fault {
	var faults []Fault
	fault := func(member string) {
		faults = append(faults, Fault{Member: member, VI: "rộng hơn phạm vi của người tạo", EN: "reaches further than who makes the key", Wider: true})
	}
	if holder.Role != by.Role {
		fault("role")
	}
	if holder.ID != "" && holder.ID != by.ID {
		kind, _, _ := strings.Cut(holder.ID, ":")
		fault(kind)
	}
	own := access.Reach{Units: by.Units}
	for _, unit := range holder.Units {
		if !own.HasUnit(unit) {
			fault(memberOfUnit(unit))
			break
		}
	}
	foreign := func(p string) bool { return !slices.Contains(by.Provinces, p) }
	if !by.Nation && (holder.Nation || slices.ContainsFunc(holder.Provinces, foreign)) {
		fault("provinces")
	}
	if slices.ContainsFunc(holder.Sections, func(s string) bool { return !slices.Contains(by.Sections, s) }) {
		fault("sections")
	}
	return faults
}

func memberOfUnit(unit string) string {
	if strings.HasPrefix(unit, "commune:") {
		return "communes"
	}
	return "establishments"
}

// Keys returns a page of the keys that the caller may act on, an operator's of all.
func (d *Desk) Keys(ctx context.Context, after string, limit int) (page []store.AccessKey, more bool, err error) {
	by, err := access.Of(ctx)
	if err != nil {
		return nil, false, err
	}
	for more = true; more && len(page) <= limit; {
		var next []store.AccessKey
		if next, more, err = d.store.AccessKeys(ctx, after, limit); err != nil {
			return nil, false, err
		}
		for _, key := range next {
			after = key.ID
			if d.reaches(by, key) {
				page = append(page, key)
			}
		}
	}
	if len(page) > limit {
		return page[:limit], true, nil
	}
	return page, false, nil
}

// reaches tells whether a caller may see, rotate and revoke a key. That it is of the same
// holder is not enough: what he presents now may be for a part of his scope only. With a key
// nobody reaches others than those that were made with it.
func (d *Desk) reaches(by access.Caller, key store.AccessKey) bool {
	return all(by) || (d.ofKey(by, key) && len(wider(callerOf(key), by)) == 0)
}

// ofKey tells whether a key is the one that the caller presented or was made with it, if it is
// a key that he presented.
func (d *Desk) ofKey(by access.Caller, key store.AccessKey) bool {
	return !d.withKey(by) || key.ID == by.Token || key.Events[0].Token == by.Token
}

// RotateKey gives a key another secret. The one before it stays valid for the grace. With a
// key an operator too rotates that one only and those made with it: else who stole the key
// would hold secrets that do not end with it.
func (d *Desk) RotateKey(ctx context.Context, id string, grace time.Duration) (key store.AccessKey, token string, faults []Fault, err error) {
	by, key, err := d.mine(ctx, id)
	if err != nil {
		return key, "", nil, err
	}
	if grace < 0 || grace > MaxGrace {
		return key, "", []Fault{{Member: "grace_seconds", VI: "từ 0 đến 604800 (7 ngày)", EN: "is from 0 to 604800 (7 days)"}}, nil
	}
	if err := d.mayRotate(ctx, by, key); err != nil {
		return key, "", nil, err
	}
	until := d.verifier.config.Clock().Add(grace)
	key, token, err = d.record(ctx, by, key, store.AccessKeyEvent{Event: store.KeyRotated, GraceUntil: until})
	return key, token, nil, err
}

func (d *Desk) mayRotate(ctx context.Context, by access.Caller, key store.AccessKey) error {
	if !d.ofKey(by, key) {
		return &access.DeniedError{Action: access.ManageKeys}
	}
	known, err := d.verifier.withRevocations(ctx, key)
	if err == nil {
		err = d.verifier.lives(ctx, known)
	}
	switch {
	case errors.Is(err, ErrToken):
		return ErrEnded
	case err == nil && len(key.Events) > maxRotations:
		return ErrRotations
	}
	return err
}

// RevokeKey ends a key. Doing it again changes nothing.
func (d *Desk) RevokeKey(ctx context.Context, id, reason string) (key store.AccessKey, faults []Fault, err error) {
	by, key, err := d.mine(ctx, id)
	if err != nil {
		return key, nil, err
	}
	if reason = strings.TrimSpace(reason); !readable(reason, maxReason) {
		return key, []Fault{reasonFault()}, nil
	}
	if !key.Revoked().IsZero() {
		return key, nil, nil
	}
	key, _, err = d.record(ctx, by, key, store.AccessKeyEvent{Event: store.KeyRevoked, Reason: reason})
	return key, nil, err
}

// mine returns a key that the caller may act on; store.ErrNoAccessKey if he may not, so that he
// does not learn that it exists.
func (d *Desk) mine(ctx context.Context, id string) (access.Caller, store.AccessKey, error) {
	by, err := access.Of(ctx)
	if err != nil {
		return by, store.AccessKey{}, err
	}
	key, err := d.store.AccessKey(ctx, id)
	if err == nil && !d.reaches(by, key) {
		return by, store.AccessKey{}, fmt.Errorf("%w: %q", store.ErrNoAccessKey, id)
	}
	return by, key, err
}

// record writes the next event of a key, with a new secret unless the key ends.
func (d *Desk) record(ctx context.Context, by access.Caller, key store.AccessKey, e store.AccessKeyEvent) (store.AccessKey, string, error) {
	secret, hash, err := newSecret()
	if err != nil {
		return key, "", fmt.Errorf("make a secret: %w", err)
	}
	if e.Event != store.KeyRevoked {
		e.Hash = hash
	}
	e.ID, e.By, e.Token = uuid.New(), by.ID, by.Token
	key, err = d.store.RecordAccessKey(ctx, key, e)
	d.verifier.Forget()
	return key, KeyPrefix + key.ID + "_" + secret, err
}

// Revoking is which tokens are to end: the one that Token names, or those of a subject of an
// issuer, or of a principal, that were issued before a time.
type Revoking struct {
	Token                      string
	Issuer, Subject, Principal string
	// IssuedBefore is now if zero.
	IssuedBefore time.Time
	Reason       string
}

// RevokeTokens ends tokens before they expire, or names everything that is wrong.
func (d *Desk) RevokeTokens(ctx context.Context, w Revoking) (store.Revocation, []Fault, error) {
	by, err := access.Of(ctx)
	if err != nil {
		return store.Revocation{}, nil, err
	}
	if !by.May(access.RevokeTokens) {
		return store.Revocation{}, nil, &access.DeniedError{Action: access.RevokeTokens}
	}
	w.Reason = strings.TrimSpace(w.Reason)
	if faults := d.wrong(w); len(faults) > 0 {
		return store.Revocation{}, faults, nil
	}
	now := d.verifier.config.Clock()
	r := store.Revocation{ID: uuid.New(), IssuedBefore: w.IssuedBefore, By: by.ID, Token: by.Token, Reason: w.Reason}
	if r.IssuedBefore.IsZero() {
		r.IssuedBefore = now
	}
	switch {
	case w.Token != "":
		// Whenever it was issued, by whatever clock.
		r.Kind, r.Value, r.IssuedBefore = store.RevokedToken, w.Token, now.Add(2*Skew)
	case w.Principal != "":
		r.Kind, r.Value = store.RevokedPrincipal, w.Principal
	default:
		r.Kind, r.Value = store.RevokedSubject, subjectKey(d.verifier.config.Keys, w.Issuer, w.Subject)
	}
	r, err = d.store.RevokeTokens(ctx, r)
	d.verifier.Forget()
	return r, nil, err
}

func (d *Desk) wrong(w Revoking) []Fault {
	var faults []Fault
	fault := func(member, vi, en string) { faults = append(faults, Fault{Member: member, VI: vi, EN: en}) }
	named := 0
	for _, name := range []string{w.Token, w.Subject, w.Principal} {
		if name != "" {
			named++
		}
	}
	if named != 1 {
		fault("token", "cần đúng một trong: token, subject (cùng issuer), principal", "want exactly one of token, subject (with issuer) and principal")
	}
	if max(len(w.Token), len(w.Subject), len(w.Principal)) > maxName {
		fault("token", "token, subject hoặc principal quá dài", "token, subject or principal is too long")
	}
	if _, known := d.verifier.issuers[w.Issuer]; (w.Subject != "") != (w.Issuer != "") || (w.Issuer != "" && !known) {
		fault("issuer", "là bên cấp mã đã cấu hình, đi cùng subject", "is a configured issuer, together with subject")
	}
	if w.Token != "" && !w.IssuedBefore.IsZero() {
		fault("issued_before", "không dùng cùng token", "does not go with token")
	}
	if w.IssuedBefore.After(d.verifier.config.Clock().Add(Skew)) {
		fault("issued_before", "chưa tới", "is in the future")
	}
	if !readable(w.Reason, maxReason) {
		faults = append(faults, reasonFault())
	}
	return faults
}

func reasonFault() Fault {
	return Fault{Member: "reason", VI: "từ 1 đến 500 ký tự đọc được", EN: "has 1 to 500 readable characters"}
}

// Revocations lists those from since on, the newest first.
func (d *Desk) Revocations(ctx context.Context, since time.Time, limit int) ([]store.Revocation, error) {
	return d.store.Revocations(ctx, since, limit)
}

// readable tells whether a text has 1 to most characters, all of which can be read.
func readable(text string, most int) bool {
	if !utf8.ValidString(text) || text == "" || utf8.RuneCountInString(text) > most {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
