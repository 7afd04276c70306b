package web

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOwnAddress(t *testing.T) {
	f := func(next, want string) {
		t.Helper()
		require.Equal(t, want, OwnAddress(next, EN))
	}
	f("/attainment", "/attainment?lang=en")
	f("/attainment?plan=D31&year=2025", "/attainment?plan=D31&year=2025&lang=en")
	f("/trends?lang=vi&measure=N4#chart", "/trends?measure=N4&lang=en#chart")
	f("/missing?q=%C4%90%C3%A0+N%E1%BA%B5ng", "/missing?q=%C4%90%C3%A0+N%E1%BA%B5ng&lang=en")
	f("/", "/?lang=en")

	first := "/?lang=en"
	f("", first)
	for _, foreign := range []string{
		"https://evil.example", "//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "/\n/evil.example", " //evil.example",
		"javascript:alert(1)", "evil.example", "https:evil.example", "/\x00", "/%zz", "/sign-in?next=/", "/session/end",
		"/" + strings.Repeat("a", maxNext),
	} {
		f(foreign, first)
	}
}

func FuzzOwnAddress(f *testing.F) {
	f.Add("//evil.example/a?b#c")
	f.Add(`/\evil`)
	f.Fuzz(func(t *testing.T, next string) {
		got := OwnAddress(next, VI)
		require.Equal(t, "/", got[:1])
		require.NotContains(t, got, `\`)
		require.False(t, strings.HasPrefix(got, "//"), got)
	})
}
