package rpc

import (
	"errors"
	"hash/maphash"
	"strconv"
	"strings"
)

// Sample is which calls have log lines if they have not failed. The zero Sample is all. It is immutable.
type Sample struct {
	none bool
	of   uint64 // one of so many; 0 and 1: all
}

// ParseSample parses "all", "failed" (none) or "1/N" (one of N); "" is all.
func ParseSample(text string) (Sample, error) {
	switch text {
	case "", "all":
		return Sample{}, nil
	case "failed":
		return Sample{none: true}, nil
	}
	if number, found := strings.CutPrefix(text, "1/"); found {
		if n, err := strconv.ParseUint(number, 10, 32); err == nil && n > 0 {
			return Sample{of: n}, nil
		}
	}
	return Sample{}, errors.New("must be all, failed, or 1/N, such as 1/100")
}

// sampleSeed makes the choice one that no caller can foresee, who may choose the id.
var sampleSeed = maphash.MakeSeed()

// Has reports whether the call with a request id has log lines: of its begin and its end, or of neither.
func (s Sample) Has(requestID string) bool {
	return !s.none && (s.of <= 1 || maphash.String(sampleSeed, requestID)%s.of == 0)
}
