package api

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// knownHost answers 421 to a request for a host that is not ours. A page of the internet may
// point a name of its own to 127.0.0.1 (DNS rebinding); for the browser we are then of its
// origin, and only the header Host tells.
func (s *Server) knownHost(c *gin.Context) {
	if s.config.Hosts == nil || slices.Contains(s.config.Hosts, hostName(c.Request.Host)) {
		return
	}
	s.refuse(c, problemMisdirected.new(ruleHost.finding()))
}

// hostName is the name or address of host:port, in lower case, without brackets and without
// the dot at the end.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// caller is the address of who asks: the peer's, or what a trusted proxy says of it.
//
// An address of this machine tells nobody apart: behind a proxy on this machine that was not
// named to us all the world comes from there. So it has no budget, and the first such
// request is told in the log.
func (s *Server) caller(c *gin.Context) netip.Addr {
	from, _ := netip.ParseAddr(c.ClientIP())
	from = from.Unmap()
	if from.IsLoopback() && c.Request.Header.Get("X-Forwarded-For") != "" && len(s.config.Proxies) == 0 {
		s.unnamedProxy.Do(func() {
			s.Log.Warn("requests come through a proxy that --behind-proxy does not name: addresses are not limited")
		})
	}
	return from
}

// encrypted tells whether the caller's connection is, to us or to a trusted proxy.
func (s *Server) encrypted(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	said := r.Header.Values("X-Forwarded-Proto")
	if len(said) == 0 || !s.fromProxy(r) {
		return false
	}
	// The nearest proxy wrote last.
	last := said[len(said)-1]
	if i := strings.LastIndexByte(last, ','); i >= 0 {
		last = last[i+1:]
	}
	return strings.EqualFold(strings.TrimSpace(last), "https")
}

func (s *Server) fromProxy(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	address := peer.Addr().Unmap().WithZone("")
	return slices.ContainsFunc(s.config.Proxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// proxies is what Gin takes.
func (c Config) proxies() []string {
	var out []string
	for _, p := range c.Proxies {
		out = append(out, p.String())
	}
	return out
}
