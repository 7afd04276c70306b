package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// namespace is the UUIDv5 namespace of periodic reports. It may never change:
// every identifier of a periodic report is made with it.
var namespace = uuid.UUID{0x8f, 0x2b, 0x61, 0x0e, 0x4d, 0x7c, 0x4a, 0x93, 0xb5, 0x1e, 0x27, 0xd0, 0x9c, 0x3a, 0x6f, 0x48}

// separatorFree keeps a part from looking like two. Valid parts hold neither
// character; an invalid one must still not be able to name another unit's report.
var separatorFree = strings.NewReplacer("%", "%25", "|", "%7C")

// ReportID returns the identifier of a periodic report: the UUIDv5 of
// `kind|unit|period[|body|campaign]`, so that one unit has one report of a kind
// and period, whoever files it and however often.
//
//nolint:revive // the field is called report_id everywhere, and ID alone would say less
func ReportID(kind Kind, id Identity) uuid.UUID {
	var name strings.Builder
	name.WriteString(string(kind))
	for _, part := range append([]string{id.Unit, id.Period}, id.Extra...) {
		name.WriteByte('|')
		name.WriteString(separatorFree.Replace(part))
	}
	return uuid.NewSHA1(namespace, []byte(name.String()))
}

// Unit returns who reports: "0100109106/0", "hb:…/0", "commune:00001@2025-07-01" or
// "authority:labour@34:01".
func (r *Reporter) Unit() string {
	switch {
	case r.Type == AuthorityReporter:
		return "authority:" + r.Authority + "@" + string(r.Province.List) + ":" + r.Province.Code
	case r.Type != CommuneReporter:
		return unitOf(r.TaxCode, r.Site)
	case r.Commune == nil:
		return ""
	default:
		return "commune:" + r.Commune.Code + "@" + r.Commune.ValidFrom.String()
	}
}

// taxpayer tells whether this type of reporter is named by a tax code.
func (t ReporterType) taxpayer() bool { return t == Establishment || t == Clinic || t == ServiceBody }

func unitOf(code TaxCode, site string) string { return string(code) + "/" + canonicalSite(site) }

// canonicalSite gives every spelling of a site number one form: capitals, no
// leading zeros of a number, "0" for none.
func canonicalSite(site string) string {
	if !digits(site) {
		return strings.ToUpper(site)
	}
	site = strings.TrimLeft(site, "0")
	if site == "" {
		return "0"
	}
	return site
}

// UUID is a UUID that is read in its canonical form of 36 characters only.
type UUID uuid.UUID

// IsZero tells whether there is none.
func (u UUID) IsZero() bool { return u == UUID{} }

// String returns the canonical form.
func (u UUID) String() string { return uuid.UUID(u).String() }

// MarshalText writes the canonical form.
func (u UUID) MarshalText() ([]byte, error) { return uuid.UUID(u).MarshalText() }

// UnmarshalText reads the canonical form.
func (u *UUID) UnmarshalText(text []byte) error {
	if len(text) != 36 {
		return errors.New("uuid: want 36 characters")
	}
	parsed, err := uuid.ParseBytes(text)
	if err != nil {
		return fmt.Errorf("uuid: %w", err)
	}
	*u = UUID(parsed)
	return nil
}
