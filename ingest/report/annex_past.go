package report

// The jumps against one's own past. They need [Context.Previous], which a dry run has:
// whoever files does not wait for the store to be asked.

// Limits of what changes from one year to the next. No text gives them.
const (
	workersFactor  = 3
	accidentFactor = 5
	unitFactor     = 100 // between two units of money there are a thousand
	// Below these a jump says nothing: ten workers may well be thirty a year later.
	leastWorkers   = 50
	leastAccidents = 5
)

// before returns the report of the year before, nil if there is none.
func (a *Annex) before(c *check) *Annex {
	past, ok := c.ctx.Previous.(*Annex)
	if !ok || past.Period != a.Period.Before() {
		return nil
	}
	return past
}

// jump tells whether of two numbers one is at least so many times the other. Where one
// is zero there is no factor.
func jump(a, b, factor uint64) bool {
	return a > 0 && b > 0 && (a/factor >= b || b/factor >= a)
}

func workersJump(c *check, a *Annex) {
	past := a.before(c)
	if past == nil || max(a.Workers.Total, past.Workers.Total) < leastWorkers {
		return
	}
	if jump(uint64(a.Workers.Total), uint64(past.Workers.Total), workersFactor) {
		c.hit("/content/workers/total", a.Workers.Total, past.Workers.Total)
	}
}

func accidentsJump(c *check, a *Annex) {
	past := a.before(c)
	if past == nil || c.broken("/content/rows") {
		return
	}
	now, then := a.accidents(), past.accidents()
	if max(now, then) < leastAccidents {
		return
	}
	// None after many is a jump as well: perhaps nobody looked.
	if jump(now, then, accidentFactor) || now == 0 || then == 0 {
		c.hit("/content/rows", now, then)
	}
}

func costJump(c *check, a *Annex) {
	past := a.before(c)
	if past == nil || c.broken("/content/rows") {
		return
	}
	if now, then := a.costPerVictim(), past.costPerVictim(); jump(now, then, unitFactor) {
		c.hit("/content/damage/cost_total", now, then)
	}
}

// costPerVictim is in thousand đồng; 0 where there is no victim.
func (a *Annex) costPerVictim() uint64 {
	victims := uint64(a.total(BlockAccidents).Victims) + uint64(a.total(BlockCommuting).Victims)
	return perHead(a.Damage.CostTotal, victims)
}

func payrollJump(c *check, a *Annex) {
	past := a.before(c)
	if past == nil || c.broken("/content/workers/total") {
		return
	}
	now, then := perHead(a.PayrollMillionVND, uint64(a.Workers.Total)), perHead(past.PayrollMillionVND, uint64(past.Workers.Total))
	if jump(now, then, unitFactor) {
		c.hit("/content/payroll_million_vnd", now, then)
	}
}

func perHead(amount, heads uint64) uint64 {
	if heads == 0 {
		return 0
	}
	return amount / heads
}
