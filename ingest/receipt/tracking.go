package receipt

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"

	"github.com/google/uuid"
)

// A tracking number is "TN-" and four groups of five symbols of Crockford's base 32, such as
// TN-7ZK4M-2QX8P-0VWNB-5RT3C: 19 symbols of content (95 bits) and one check symbol at the end.
//
// The check symbol is that of a Reed-Solomon code with one check symbol over GF(32): with the
// symbols read as field elements, the sum of d[i]·α^i over all places, the check symbol at
// i = 0, is zero. It finds every single wrong symbol and every exchange of two symbols, and
// all but one in 32 of other errors.
const (
	trackingPrefix  = "TN"
	trackingSymbols = 20
	groupSize       = 5
	// trackingText bounds what is looked at when reading one.
	trackingText = 64

	crockford       = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	trackingContext = "atvsld tracking number v1\x00"
)

// ErrTracking says that a text is no tracking number: a symbol is wrong, missing or exchanged.
var ErrTracking = errors.New("not a valid tracking number")

// Tracking returns the tracking number of a submission. It follows from the arguments alone:
// SHA-256(context ‖ report id ‖ revision as big-endian uint32 ‖ mark), cut to 95 bits. The mark
// stands for the content and is keyed (seal.Keys.Mark), so that the number, which is stored in
// clear, confirms no guess at the content. So a
// replay has the same number on every gateway and after every restart, and other content has
// another. Two of 10^9 submissions share one with a chance of about 10^-11; a filer who works at it
// can make two of his own submissions collide, which gains nothing since receipts carry the
// full sha256.
func Tracking(reportID uuid.UUID, revision uint32, mark [32]byte) string {
	input := make([]byte, 0, len(trackingContext)+len(reportID)+4+len(mark))
	input = append(input, trackingContext...)
	input = append(input, reportID[:]...)
	input = binary.BigEndian.AppendUint32(input, revision)
	input = append(input, mark[:]...)
	sum := sha256.Sum256(input)

	var symbols [trackingSymbols]byte
	bits, have, next := uint32(0), 0, 0
	for i := range trackingSymbols - 1 {
		for have < 5 {
			bits, have, next = bits<<8|uint32(sum[next]), have+8, next+1
		}
		have -= 5
		symbols[i] = byte(bits>>have) & 31
	}
	// The check symbol is the only term at α^0 = 1, so it equals the rest's sum.
	symbols[trackingSymbols-1] = checksum(symbols)
	return format(symbols)
}

// ParseTracking reads a tracking number as people write it and returns its usual form. Case,
// spaces and hyphens do not matter, the letter O is read as 0, I and L as 1. It looks nothing
// up: a well-formed number need not have been given out.
func ParseTracking(text string) (string, error) {
	if len(text) > trackingText {
		return "", ErrTracking
	}
	text = strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(text))
	content, ok := strings.CutPrefix(text, trackingPrefix)
	if !ok || len(content) != trackingSymbols {
		return "", ErrTracking
	}
	content = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(content)
	var symbols [trackingSymbols]byte
	for i := range symbols {
		value := strings.IndexByte(crockford, content[i])
		if value < 0 {
			return "", ErrTracking
		}
		symbols[i] = byte(value)
	}
	if checksum(symbols) != 0 {
		return "", ErrTracking
	}
	return format(symbols), nil
}

func format(symbols [trackingSymbols]byte) string {
	out := make([]byte, 0, len(trackingPrefix)+trackingSymbols+trackingSymbols/groupSize)
	out = append(out, trackingPrefix...)
	for i, symbol := range symbols {
		if i%groupSize == 0 {
			out = append(out, '-')
		}
		out = append(out, crockford[symbol])
	}
	return string(out)
}

// checksum evaluates the symbols as a polynomial at α by Horner's rule.
func checksum(symbols [trackingSymbols]byte) byte {
	var sum byte
	for _, symbol := range symbols {
		sum = timesAlpha(sum) ^ symbol
	}
	return sum
}

// timesAlpha multiplies by α = x in GF(32) = GF(2)[x]/(x⁵+x²+1). The polynomial is primitive,
// so α^i differ for i = 0..30, more places than a tracking number has.
func timesAlpha(a byte) byte {
	a <<= 1
	if a&0x20 != 0 {
		a ^= 0x25
	}
	return a
}
