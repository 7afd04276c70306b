package seeds

// Receiver is who must be told of an accident, by whom and when (Law 84/2015/QH13 Art.
// 34(1), 36; Decree 129/2025/ND-CP). The list names the state of the law, the code the duty.
type Receiver struct {
	Entry
	// Declarant is "witness", "employer", "finder", "commune" or "province".
	Declarant string `json:"declarant"`
	// Trigger is "any" accident, "fatal", "declarable" (fatal, or two or more seriously
	// injured) or "special_law": where a special law applies, which the data of an
	// accident do not tell.
	Trigger string `json:"trigger"`
	// Employment is "any", or "no_contract": duties towards workers without a contract.
	Employment string `json:"employment"`
}

// AccidentFacts is what decides on the receivers of an accident.
type AccidentFacts struct {
	// On is the local day of the accident.
	On            Date
	Dead, Serious int
	// NoContract: a victim has no employment contract.
	NoContract bool
}

const receiverColumns = "list code declarant trigger employment name_vi name_en valid_from valid_to source status note"

func (l *loader) receivers() codeList[Receiver] {
	return newCodeList(readTable(l, "accident_receivers.csv", receiverColumns, func(r *row) (string, Receiver) {
		c := Receiver{
			Entry:      r.entry("list"),
			Declarant:  r.oneOf("declarant", "witness", "employer", "finder", "commune", "province"),
			Trigger:    r.oneOf("trigger", "any", "fatal", "declarable", "special_law"),
			Employment: r.oneOf("employment", "any", "no_contract"),
		}
		return joinKey(c.List, c.Code), c
	}))
}

// AccidentReceivers returns the duties of telling of every time, in order.
func (d *Data) AccidentReceivers() []Receiver { return d.receivers.all() }

// ReceiversOf returns who must be told of an accident by the law in force that day. Duties
// under special laws are among them: they may apply to any.
func (d *Data) ReceiversOf(a AccidentFacts) []Receiver {
	var all []Receiver
	for _, r := range d.receivers.allOn(a.On) {
		if r.triggered(a) && (r.Employment == "any" || a.NoContract) {
			all = append(all, r)
		}
	}
	return all
}

func (r Receiver) triggered(a AccidentFacts) bool {
	switch r.Trigger {
	case "fatal":
		return a.Dead > 0
	case "declarable":
		return a.Dead > 0 || a.Serious > 1
	}
	return true
}
