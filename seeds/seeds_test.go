package seeds

import "testing"

func TestLoadEmbedded(t *testing.T) {
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}
