package api

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"atvsld/analytics/store/storetest"
)

// engine is the store of all tests of this package.
var engine storetest.Shared

func TestMain(m *testing.M) {
	storetest.Run(m, &engine)
}

// noLeaks fails the test when goroutines of ours are left over. Broker and store keep
// connections in pools of the process, so such a test runs without them.
func noLeaks(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		goleak.VerifyNone(t, before)
	})
}
