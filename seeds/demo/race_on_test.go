//go:build race

package demo_test

// The generator is one goroutine: the race detector would only make the long
// tests ten times longer. They run in full without it.
const underRace = true
