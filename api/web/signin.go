package web

import "net/url"

// Visitor is who looks at a page.
type Visitor struct {
	// CanSignIn: this server knows people.
	CanSignIn bool
	// Role and Scope in words; Role is empty for everybody.
	Role, Scope string
	// Session: the visitor came by a session, which can be ended, and which ends by itself
	// at Ends.
	Session bool
	Ends    string
}

// Link leads somewhere.
type Link struct{ Address, Text string }

// SignInTrouble says why nobody was signed in.
type SignInTrouble string

// The troubles of sign-in.
const (
	NoToken       SignInTrouble = "no-token"
	TokenRefused  SignInTrouble = "token-refused"
	TokenTooLong  SignInTrouble = "token-too-long"
	TooManyTokens SignInTrouble = "too-many-tokens"
	SignInLost    SignInTrouble = "sign-in-lost"
	SignInSilent  SignInTrouble = "sign-in-silent"
)

// SignIn is what the page of sign-in shows.
type SignIn struct {
	Lang          Lang
	Demonstration bool
	Version       string
	Visitor       Visitor
	Trouble       SignInTrouble
	// Next is the address of ours to go on to; empty for the first page.
	Next string
	// Ended: the session ended by itself while the visitor was at work.
	Ended bool
	// Provider: there is an identity provider to sign in at.
	Provider bool
	// Unencrypted: what is typed can be read on the way.
	Unencrypted bool
}

// LangCode is for the html element.
func (p SignIn) LangCode() string { return string(p.Lang) }

// T picks the text of the page's language.
func (p SignIn) T(vi, en string) string { return p.Lang.T(vi, en) }

// OtherLang is the same page in the other language.
func (p SignIn) OtherLang() string {
	query := p.query(p.Lang.T("en", "vi"))
	if p.Ended {
		query.Set("ended", "1")
	}
	return "/sign-in?" + query.Encode()
}

// AtProvider begins the sign-in at the identity provider.
func (p SignIn) AtProvider() string { return "/sign-in/provider?" + p.query(string(p.Lang)).Encode() }

func (p SignIn) query(lang string) url.Values {
	query := url.Values{"lang": {lang}}
	if p.Next != "" {
		query.Set("next", p.Next)
	}
	return query
}

// GoOn is where somebody goes who is signed in: to where he came from.
func (p SignIn) GoOn() string { return OwnAddress(p.Next, p.Lang) }

// Title is the document's title.
func (p SignIn) Title() string { return p.T("Đăng nhập", "Sign in") }

// Why says the trouble in words; empty if there is none.
func (p SignIn) Why() string {
	switch p.Trouble {
	case NoToken:
		return p.T("Chưa nhập mã truy cập.", "No token was entered.")
	case TokenRefused:
		return p.T("Mã truy cập không đúng hoặc đã hết hạn.", "The token is wrong or has expired.")
	case TokenTooLong:
		return p.T("Mã truy cập quá dài, trình duyệt không giữ được.", "The token is too long for a browser to keep.")
	case TooManyTokens:
		return p.T("Quá nhiều mã sai từ địa chỉ này. Hãy thử lại sau ít phút.", "Too many wrong tokens from this address. Try again in a few minutes.")
	case SignInLost:
		return p.T("Lần đăng nhập này không hoàn tất. Hãy đăng nhập lại.", "This sign-in did not come to its end. Please sign in again.")
	case SignInSilent:
		return p.T("Chưa kiểm tra được mã truy cập. Hãy thử lại sau.", "The sign-in cannot be checked now. Please try again later.")
	}
	return ""
}

// TokenTrouble tells that the trouble is with the field.
func (p SignIn) TokenTrouble() bool {
	return p.Trouble == NoToken || p.Trouble == TokenRefused || p.Trouble == TokenTooLong
}
