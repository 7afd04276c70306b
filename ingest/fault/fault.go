//go:build !torture

// Package fault marks the instants at which a process may die with consequences, and
// the mistakes that the torture program must be able to find. In the product it is
// empty and costs nothing; a build with the tag "torture" reads from its environment
// where to die and which mistake to make.
package fault

// Point is an instant in the life of a report.
type Point string

// Flaw is a mistake that a correct sink does not make.
type Flaw string

// At does nothing in the product.
func At(Point) {}

// Has is false in the product.
func Has(Flaw) bool { return false }
