package engine

import (
	"strings"
)

// statement is what the interface must know of an SQL text before it runs it.
// Everything else is left to ClickHouse's own parser.
type statement struct {
	keyword string // first keyword, upper case; "(" for a bracketed SELECT
	format  string // FORMAT of the answer, or of the rows of an INSERT; "" if none is named

	// rows tells an INSERT whose rows follow the text: head is the statement
	// without FORMAT or VALUES, data the offset of the first row.
	rows bool
	head string
	data int

	totals   bool // WITH TOTALS: the answer has parts that a stream would lose
	multiple bool // more than one statement
	file     bool // INTO OUTFILE or FROM INFILE: the client's files, here the engine's own
	halt     bool // SYSTEM SHUTDOWN or KILL: would end this very process
	end      int  // offset behind the first statement, before its semicolon
}

// parseStatement reads the tokens of sql. It never fails: what it does not
// understand is ClickHouse's to refuse.
func parseStatement(sql string) statement {
	var st statement
	lex := lexer{sql: sql}
	var previous token
	depth := 0
	for {
		tok, ok := lex.next()
		if !ok {
			st.end = len(sql)
			return st
		}
		if st.keyword == "" {
			st.keyword = tok.upper()
		}
		if tok.text == ";" {
			st.end = tok.start
			_, more := lex.next()
			st.multiple = more
			return st
		}
		switch tok.text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		}
		if depth == 0 && tok.word && previous.text != "." {
			if st.see(tok, previous, &lex) {
				return st
			}
		}
		previous = tok
	}
}

// see looks at one keyword outside of brackets and reports whether rows follow,
// which ends the statement.
func (st *statement) see(tok, previous token, lex *lexer) (done bool) {
	switch tok.upper() {
	case "OUTFILE":
		st.file = st.file || previous.upper() == "INTO"
	case "INFILE":
		st.file = st.file || previous.upper() == "FROM"
	case "TOTALS":
		st.totals = st.totals || previous.upper() == "WITH"
	case "SHUTDOWN", "KILL":
		st.halt = st.halt || st.keyword == "SYSTEM" && previous.upper() == "SYSTEM"
	case "SELECT", "WITH", "WATCH":
		if st.keyword == "INSERT" {
			st.keyword = "INSERT SELECT"
		}
	case "VALUES":
		if st.keyword == "INSERT" && previous.upper() != "INTO" && previous.upper() != "TABLE" {
			st.rows, st.format, st.head, st.data = true, "Values", lex.sql[:tok.start], tok.end
			return true
		}
	case "FORMAT":
		return st.seeFormat(tok, previous, lex)
	}
	return false
}

func (st *statement) seeFormat(tok, previous token, lex *lexer) (done bool) {
	if previous.upper() == "INTO" || previous.upper() == "TABLE" {
		return false
	}
	ahead := *lex
	name, ok := ahead.next()
	if !ok || !name.word {
		return false
	}
	if st.keyword == "INSERT" {
		st.rows, st.format, st.head = true, name.text, lex.sql[:tok.start]
		st.data = skipToRows(lex.sql, name.end)
		return true
	}
	following, more := ahead.next()
	if !more || following.text == ";" || following.upper() == "SETTINGS" {
		st.format = name.text
	}
	return false
}

// skipToRows skips what may stand between the name of the format and its rows:
// blanks and one line break.
func skipToRows(sql string, at int) int {
	rest := strings.TrimLeft(sql[at:], " \t\f\r")
	rest = strings.TrimPrefix(rest, "\n")
	return len(sql) - len(rest)
}

type token struct {
	text       string
	start, end int
	word       bool // an unquoted word or number
}

func (t token) upper() string {
	if !t.word {
		return t.text
	}
	return strings.ToUpper(t.text)
}

// lexer splits SQL into words, quoted pieces and single characters, without
// comments. A quote that is not closed reaches to the end.
type lexer struct {
	sql string
	pos int
}

func (l *lexer) next() (token, bool) {
	l.skipBlanks()
	if l.pos >= len(l.sql) {
		return token{}, false
	}
	start := l.pos
	word := false
	switch c := l.sql[start]; {
	case c == '\'' || c == '"' || c == '`':
		l.skipQuoted(c)
	case c == '$' && l.skipHeredoc():
	case isWordByte(c):
		word = true
		for l.pos < len(l.sql) && isWordByte(l.sql[l.pos]) {
			l.pos++
		}
	default:
		l.pos++
	}
	return token{text: l.sql[start:l.pos], start: start, end: l.pos, word: word}, true
}

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (l *lexer) skipBlanks() {
	for l.pos < len(l.sql) {
		rest := l.sql[l.pos:]
		switch {
		case strings.IndexByte(" \t\r\n\f\v", rest[0]) >= 0:
			l.pos++
		case strings.HasPrefix(rest, "/*"):
			l.skipPast(rest[2:], 2, "*/")
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "#!"), strings.HasPrefix(rest, "# "):
			l.skipPast(rest, 0, "\n")
		default:
			return
		}
	}
}

// skipPast moves behind the terminator, or to the end when there is none.
func (l *lexer) skipPast(rest string, offset int, terminator string) {
	if i := strings.Index(rest, terminator); i >= 0 {
		l.pos += offset + i + len(terminator)
		return
	}
	l.pos = len(l.sql)
}

func (l *lexer) skipQuoted(quote byte) {
	for l.pos++; l.pos < len(l.sql); l.pos++ {
		switch l.sql[l.pos] {
		case '\\':
			l.pos++
		case quote:
			// A doubled quote is one quote inside: the second opens nothing new.
			if l.pos+1 >= len(l.sql) || l.sql[l.pos+1] != quote {
				l.pos++
				return
			}
			l.pos++
		}
	}
	l.pos = len(l.sql)
}

// skipHeredoc skips $tag$ … $tag$ and reports whether there was one.
func (l *lexer) skipHeredoc() bool {
	rest := l.sql[l.pos:]
	size := strings.IndexByte(rest[1:], '$')
	if size < 0 {
		return false
	}
	tag := rest[:size+2]
	for _, c := range []byte(tag[1 : size+1]) {
		if c == '$' || !isWordByte(c) {
			return false
		}
	}
	end := strings.Index(rest[len(tag):], tag)
	if end < 0 {
		return false
	}
	l.pos += len(tag) + end + len(tag)
	return true
}
