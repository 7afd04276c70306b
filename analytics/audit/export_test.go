package audit

// Seal lets a test write an entry as the holder of the key could.
var Seal = seal
