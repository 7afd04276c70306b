package proof

// Limit makes a repair name so many reports at once, and bounds the payloads in memory
// when current rows are made of them.
func (p *Prover) Limit(reports int, bytes uint64) { p.step, p.portion = reports, bytes }
