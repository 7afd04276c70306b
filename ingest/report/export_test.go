package report

// DecodeFast is the fast way of reading alone.
func DecodeFast(data []byte) (Submission, bool) {
	facts, err := scan(data, MaxBytes)
	if err != nil {
		return Submission{}, false
	}
	return decodeFast(data, facts)
}

// DecodeSlow is the slow way of reading alone.
func DecodeSlow(data []byte) (Submission, []Finding) { return decodeSlow(data) }
