package limit

// Shares returns the part of a limit in all that a caller may have, over 0 and up to 1; 0: as much as any other. nil is the same for all
// callers.
type Shares func(caller string) float64

// of returns how much a caller may have of a limit in all, where others have perCaller. Without a limit in all there is no share of it.
func (s Shares) of(caller string, inAll, perCaller int64) int64 {
	if s == nil || inAll == 0 {
		return perCaller
	}
	if share := s(caller); share > 0 {
		return max(1, int64(share*float64(inAll)))
	}
	return perCaller
}
