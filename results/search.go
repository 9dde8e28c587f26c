package results

// Search is what a search for capacity was to find, and how: the goal of RFC 9971.
type Search struct {
	Objective      []Expectation `json:"objective"`       // what is to hold at a rate that the server carries
	WidthFraction  float64       `json:"width_fraction"`  // how far apart the bounds may be
	ExceedFraction float64       `json:"exceed_fraction"` // of trial time, that may exceed at a rate that carries
	InitialS       float64       `json:"initial_s"`       // length of trials that look where to search
	FinalS         float64       `json:"final_s"`         // of those that count in full
	SumS           float64       `json:"sum_s"`           // of full trials, after which a rate is decided
	LeastPS        float64       `json:"least_per_s"`     // the lowest rate that was to be tried
	MostPS         float64       `json:"most_per_s"`      // the highest
	StartPS        float64       `json:"start_per_s"`     // the first
	Alone          bool          `json:"alone,omitempty"` // the servers were searched one after the other in each repeat
}

// Sought is what one trial of a search was for, and what it showed.
type Sought struct {
	RatePS    float64 `json:"rate_per_s"` // that was asked for
	LengthS   float64 `json:"length_s"`
	Users     int     `json:"users"`         // virtual users that kept the rate up
	CarriedPS float64 `json:"carried_per_s"` // that was answered
	// Exceeded are the bounds of the objective that did not hold, as they are written;
	// NotReached is among them where the server answered too few.
	Exceeded []string `json:"exceeded,omitempty"`
	// Void says why the trial says nothing of the server; "" where it does.
	Void string `json:"void,omitempty"`
}

// NotReached is a bound that every objective has: the server answers what is asked.
const NotReached = "rate not reached"

// ExpectedCapacity is the metric of an expectation that only a search can meet.
const ExpectedCapacity = "capacity"
