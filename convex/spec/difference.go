package spec

import (
	"cmp"
	"slices"

	"convexgateway/convex"
)

// Difference is what differs between two specs in one function.
type Difference struct {
	Path convex.Path
	Part Part
}

// Part is what of a function differs.
type Part string

// Parts that may differ.
const (
	Added     Part = "added"     // the second has a function that the first lacks
	Removed   Part = "removed"   // the first has a function that the second lacks
	Kind      Part = "kind"      // a query in one of them is a mutation in the other, or the like
	Arguments Part = "arguments" // their validators differ
	Result    Part = "result"    // their validators differ
)

func (d Difference) String() string { return d.Path.String() + " (" + string(d.Part) + ")" }

// Differences returns what differs between the public functions of two specs, by path; of one function first what breaks its callers.
func Differences(first, second *Spec) (differences []Difference) {
	first, second = first.Public(), second.Public()
	for f := range first.All() {
		differ := func(part Part) { differences = append(differences, Difference{f.Path, part}) }
		other := second.Find(f.Path)
		switch {
		case other == nil:
			differ(Removed)
			continue
		case f.Kind != other.Kind:
			differ(Kind)
		}
		if !Equal(f.Args, other.Args) {
			differ(Arguments)
		}
		if !Equal(f.Returns, other.Returns) {
			differ(Result)
		}
	}
	for f := range second.All() {
		if first.Find(f.Path) == nil {
			differences = append(differences, Difference{f.Path, Added})
		}
	}
	slices.SortStableFunc(differences, func(a, b Difference) int { return cmp.Compare(a.Path.Canonical(), b.Path.Canonical()) })
	return differences
}
