package web

import (
	"net/url"
	"slices"
	"strings"
)

// maxNext bounds an address to go on to, in bytes: a cookie keeps it while somebody is at the
// identity provider.
const maxNext = 1500

// OwnAddress is the address of a page of ours in a language: the given one, or that of the first
// page if it leads anywhere else. Whoever sends a link to the page of sign-in chooses it.
func OwnAddress(next string, lang Lang) string {
	u, err := url.Parse(next)
	if err != nil || !ownPath(next) || u.Scheme != "" || u.Host != "" || u.Opaque != "" {
		return "/?lang=" + string(lang)
	}
	// What else the address holds is the view's and stays as it is.
	rest := slices.DeleteFunc(strings.Split(u.RawQuery, "&"), func(part string) bool { return part == "" || strings.HasPrefix(part, "lang=") })
	u.RawQuery = strings.Join(append(rest, "lang="+string(lang)), "&")
	return u.String()
}

// ownPath tells whether a browser takes a text for a path of this host, and for none of sign-in. A
// browser reads \ as /, and leaves tabs and line ends out, so that /\host and "/\t/host" are of
// another one.
func ownPath(text string) bool {
	strange := func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }
	return len(text) <= maxNext && strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && !strings.ContainsFunc(text, strange) &&
		!strings.HasPrefix(text, "/sign-in") && !strings.HasPrefix(text, "/session")
}
