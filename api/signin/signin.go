// Package signin lets people sign in at an identity provider with a browser: the authorization
// code flow of OpenID Connect with PKCE, state and nonce.
package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Errors. Their texts say why and are for the log only.
var (
	// ErrRefused: what the browser brought back is not the end of this sign-in, or the
	// provider let nobody in.
	ErrRefused = errors.New("the sign-in is refused")
	// ErrProvider: the provider could not be asked now.
	ErrProvider = errors.New("the identity provider does not answer")
)

// Config says where people sign in.
type Config struct {
	// Issuer is the provider's address, as its tokens name it.
	Issuer string
	// ClientID and ClientSecret are what the provider knows us by. A public client has no
	// secret.
	ClientID, ClientSecret string
	// RedirectURL is where the provider sends browsers back to.
	RedirectURL string
	// Timeout bounds each question to the provider.
	Timeout time.Duration
}

// Provider is an identity provider. It is asked for its addresses and keys at the first
// sign-in and not before, so that the platform starts without it. It is safe for concurrent
// use.
type Provider struct {
	config Config
	client *http.Client

	mu   sync.Mutex
	oidc *oidc.Provider // nil until it answered
}

// New makes a provider and asks it nothing.
func New(c Config) *Provider {
	return &Provider{config: c, client: &http.Client{Timeout: c.Timeout}}
}

// Flow is a sign-in on its way. Only the browser that began it may hold it.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

// Begin starts a sign-in. The browser is to go to the address.
func (p *Provider) Begin(ctx context.Context) (address string, flow Flow, err error) {
	known, err := p.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	flow = Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	address = p.oauth(known).AuthCodeURL(flow.State, oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier))
	return address, flow, nil
}

// Finish ends a sign-in with what the browser brought back and returns the access token. The
// identity token only proves that it is the end of this sign-in: it has a nonce, and as a bearer
// token nobody takes it. Errors: ErrRefused, ErrProvider.
func (p *Provider) Finish(ctx context.Context, flow Flow, state, code string) (access string, err error) {
	if flow.State == "" || subtle.ConstantTimeCompare([]byte(flow.State), []byte(state)) != 1 {
		return "", fmt.Errorf("%w: the state is another's", ErrRefused)
	}
	if code == "" {
		return "", fmt.Errorf("%w: the provider gave no code", ErrRefused)
	}
	known, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	given, err := p.oauth(known).Exchange(ctx, code, oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
			return "", fmt.Errorf("%w: the code is not taken: %w", ErrRefused, err)
		}
		return "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	raw, _ := given.Extra("id_token").(string)
	id, err := known.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: the identity token: %w", ErrRefused, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(flow.Nonce)) != 1 {
		return "", fmt.Errorf("%w: the nonce is another's", ErrRefused)
	}
	return given.AccessToken, nil
}

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.oidc != nil {
		return p.oidc, nil
	}
	// The provider keeps the context for its keys: it must outlive the request.
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProvider, err)
	}
	p.oidc = known
	return known, nil
}

func (p *Provider) oauth(known *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: known.Endpoint(),
		RedirectURL: p.config.RedirectURL, Scopes: []string{oidc.ScopeOpenID},
	}
}
