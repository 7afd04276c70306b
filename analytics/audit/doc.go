// Package audit says who looked at what, when, why and under which scope, so that nobody can
// change it afterwards without being found out.
//
// Every process that records writes one chain of entries. An entry holds the hash of the one
// before it, and is signed:
//
//	hash      = SHA-256(hash of the entry before ‖ entry as RFC 8785 writes it); 32 zero bytes
//	            stand before the first entry of a chain
//	signature = Ed25519(hash)
//
// A chain's first entry, and a checkpoint now and then, name the newest entries of the other
// chains, so that no chain can be dropped or shortened behind what another one has named. A
// process that stops in order closes its chain.
//
// [Writer] records, [Verifier] checks an export. What can be found out and what cannot is in
// docs/AUDIT.md. The package does no I/O of its own; [Log] is where entries are kept.
package audit
