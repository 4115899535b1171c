package cli

import (
	"errors"
	"math"
	"strconv"
)

// auto is a limit that is a number, 0 for none, or auto for one that follows from the machine's memory and descriptors. As a field
// of server.Config it is that number, negative for none, or 0.
type auto int

// negative is an auto that was given as a negative number, which is not allowed.
const negative auto = math.MinInt

// UnmarshalText implements [encoding.TextUnmarshaler].
func (a *auto) UnmarshalText(text []byte) error {
	if string(text) == "auto" {
		*a = 0
		return nil
	}
	n, err := strconv.Atoi(string(text))
	switch {
	case err != nil:
		return errors.New("must be a number, 0 for no limit, or auto")
	case n < 0:
		*a = negative
	default:
		*a = auto(explicit(n))
	}
	return nil
}

// String returns the limit as it is given as a flag.
func (a auto) String() string {
	if a == 0 {
		return "auto"
	}
	return strconv.Itoa(max(0, int(a)))
}
