package web

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"atvsld/analytics/indicator"
	"atvsld/seeds"
)

// Lang is a language of the pages.
type Lang string

// The languages, the first by default.
const (
	VI Lang = "vi"
	EN Lang = "en"
)

// Language reads the asked language.
func Language(text string) Lang {
	if text == string(EN) {
		return EN
	}
	return VI
}

// T picks the text of the language.
func (l Lang) T(vi, en string) string {
	if l == EN {
		return en
	}
	return vi
}

// Text picks the language of a text in both.
func (l Lang) Text(t indicator.Text) string { return l.T(t.VI, t.EN) }

// Whole writes 12345 as 12.345 (vi) or 12,345 (en), with a true minus sign.
func (l Lang) Whole(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), l.T(".", ","))
}

// Decimal writes a number with so many decimals: 1.234,5 (vi), 1,234.5 (en).
func (l Lang) Decimal(v float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return strings.Replace(text, ".", l.T(",", "."), 1)
	}
	out := l.Whole(n)
	if fraction != "" {
		out += l.T(",", ".") + fraction
	}
	if v < 0 && strings.Trim(text, "0.") != "" {
		return "−" + out
	}
	return out
}

// Signed is Decimal with a plus sign for growth.
func (l Lang) Signed(v float64, decimals int) string {
	text := l.Decimal(v, decimals)
	if v > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

// Change writes a change in percent. It takes as many decimals as are needed to show on
// which side of the threshold the change lies: −3,96% must not look like −4,0%.
func (l Lang) Change(pct float64, t indicator.Threshold) string {
	const fewest, most = 1, 4
	limit, _ := new(big.Rat).Sub(big.NewRat(100*t.Num, t.Den), big.NewRat(100, 1)).Float64()
	decimals := fewest
	for decimals < most && pct != limit && l.Decimal(pct, decimals) == l.Decimal(limit, decimals) {
		decimals++
	}
	return l.Signed(pct, decimals) + "%"
}

// Moment writes 14:30 06/05/2026 (vi), 6 May 2026, 14:30 (en), in Viet Nam's time.
func (l Lang) Moment(t time.Time) string {
	t = t.In(seeds.Local())
	return l.T(t.Format("15:04 02/01/2006"), t.Format("2 January 2006, 15:04"))
}
