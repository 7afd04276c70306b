package proof

// Step makes a repair store so many reports again at once.
func (p *Prover) Step(reports int) { p.step = reports }
