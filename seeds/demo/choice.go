package demo

// Figures that no source in package seeds prints, chosen by us. They are not
// statistics: they make the demonstration complete, and every one is reported
// with origin "chosen" by [Targets]. README.md gives the reasons.

type choiceKey struct {
	year   int
	period string
	metric Metric
}

// split is a figure with and without an employment contract.
type split [2]int

// choices says how a figure splits, or what it is, where print does not.
// Where the sum of both is printed, the two must add up to it.
var choices = map[choiceKey]split{
	{2016, year, Serious}: {1690, 165},
	{2016, year, Women}:   {2250, 121},
	{2016, year, Multi}:   {85, 20},

	{2017, year, FatalAccidents}: {648, 250},
	{2017, year, Deaths}:         {666, 262},
	{2017, year, Serious}:        {1600, 315},
	{2017, year, Women}:          {2480, 247},
	{2017, year, Multi}:          {78, 23},

	{2018, year, Accidents}: {7167, 830},
	{2018, year, Victims}:   {7359, 870},
	{2018, year, Serious}:   {1639, 300},
	{2018, year, Women}:     {2330, 170},
	{2018, year, Multi}:     {85, 20},

	// The totals 8150 and 8327 circulate without a source.
	{2019, year, Accidents}: {7130, 1020},
	{2019, year, Victims}:   {7282, 1045},
	{2019, year, Serious}:   {1592, 300},
	{2019, year, Women}:     {2550, 221},
	{2019, year, Multi}:     {80, 15},

	{2020, year, Accidents}: {7473, 907},
	{2020, year, Victims}:   {7649, 961},
	{2020, year, Multi}:     {82, 22},
	{2020, half, Accidents}: {2969, 380},
	{2020, half, Victims}:   {3048, 402},
	{2020, half, Serious}:   {640, 118},
	{2020, half, Women}:     {1010, 88},
	{2020, half, Multi}:     {35, 9},

	{2021, year, Accidents}: {5797, 707},
	{2021, year, Victims}:   {5910, 748},
	{2021, year, Women}:     {1990, 160},
	{2021, year, Multi}:     {58, 18},
	{2021, half, Accidents}: {3242, 370},
	{2021, half, Victims}:   {3288, 385},
	{2021, half, Women}:     {1105, 85},
	{2021, half, Multi}:     {27, 7},

	// From 749 fatal accidents and 786 deaths in 2021: fatal accidents −3.9 %
	// (not met), deaths −4.1 % (met).
	{2022, year, Accidents}:      {6990, 710},
	{2022, year, Victims}:        {7155, 750},
	{2022, year, FatalAccidents}: {568, 152},
	{2022, year, Deaths}:         {595, 159},
	{2022, year, Serious}:        {1370, 270},
	{2022, year, Women}:          {2300, 150},
	{2022, year, Multi}:          {80, 20},

	// Fatal accidents −6.3 % (met) while deaths rise by 0.8 % (not met).
	{2023, year, Accidents}:      {6750, 690},
	{2023, year, Victims}:        {6960, 735},
	{2023, year, FatalAccidents}: {535, 140},
	{2023, year, Deaths}:         {605, 155},
	{2023, year, Serious}:        {1400, 280},
	{2023, year, Women}:          {2280, 150},
	{2023, year, Multi}:          {88, 20},

	// Fatal accidents exactly −4.0 % (met), deaths −3.9 % (not met).
	{2024, year, Accidents}:      {7250, 750},
	{2024, year, Victims}:        {7470, 795},
	{2024, year, FatalAccidents}: {512, 136},
	{2024, year, Deaths}:         {580, 150},
	{2024, year, Serious}:        {1380, 275},
	{2024, year, Women}:          {2400, 155},
	{2024, year, Multi}:          {90, 20},

	// Fatal accidents −3.9 % (not met), deaths −4.1 % (met).
	{2025, year, Accidents}:      {6900, 705},
	{2025, year, Victims}:        {7105, 745},
	{2025, year, FatalAccidents}: {493, 130},
	{2025, year, Deaths}:         {556, 144},
	{2025, year, Serious}:        {1310, 260},
	{2025, year, Women}:          {2290, 150},
	{2025, year, Multi}:          {85, 18},
}

// halfShare is the part of a year's figures, in percent, that falls into the
// first half where no half-year is printed.
const halfShare = 48

type provinceKey struct {
	year   int
	code   string // in the list of 63
	metric Metric
}

// provinceChoices completes provinces of which print gives a part, and holds
// some small provinces at zero (0 → 0 is met, 0 → n is not).
var provinceChoices = map[provinceKey]int{
	{2016, "79", Accidents}: 1700,
	{2016, "01", Accidents}: 258,
	// Phú Yên 2017 prints 83 accidents and 74 victims; taken as exchanged.
	{2017, "54", Accidents}:      74,
	{2017, "54", Victims}:        83,
	{2021, "79", FatalAccidents}: 54,
	{2021, "79", Victims}:        555,

	{2022, "12", FatalAccidents}: 0, // Lai Châu 0 → 0 → 2
	{2023, "12", FatalAccidents}: 0,
	{2024, "12", FatalAccidents}: 2,
	{2023, "04", FatalAccidents}: 0, // Cao Bằng 0 → 0 → 0
	{2024, "04", FatalAccidents}: 0,
	{2025, "04", FatalAccidents}: 0,
	{2024, "11", FatalAccidents}: 0, // Điện Biên 0 → 1
	{2025, "11", FatalAccidents}: 1,
}

// fatalBound bounds the fatal accidents of provinces without a printed figure:
// the ten of 2017 are the ten with the most deaths, the tenth had 25.
var fatalBound = map[int]int{2017: 22}

// health holds the figures behind D31-2 and D31-3.
type health struct {
	persons, cases int // examined for occupational disease
	// monitored is the share of the sites that were monitored, per mille.
	monitored int
}

// healthChoices: persons and cases 2017 and 2021 follow rounded figures in
// print, see [Exceptions]. The rest is chosen for mixed verdicts, 2024 → 2025
// being +5.0 % of persons exactly.
var healthChoices = map[int]health{
	2016: {persons: 276_000, cases: 351_000, monitored: 500},
	2017: {persons: 300_000, cases: 381_000, monitored: 530},
	2018: {persons: 318_000, cases: 404_000, monitored: 550},
	2019: {persons: 330_000, cases: 426_000, monitored: 590},
	2020: {persons: 268_000, cases: 341_000, monitored: 570},
	2021: {persons: 166_000, cases: 211_500, monitored: 500},
	2022: {persons: 362_000, cases: 465_300, monitored: 600},
	2023: {persons: 371_000, cases: 490_000, monitored: 620},
	2024: {persons: 392_000, cases: 510_000, monitored: 660},
	2025: {persons: 411_600, cases: 541_000, monitored: 700},
}

// daysPerVictim gives the days off of workers with a contract where none are printed.
const daysPerVictim = 16
