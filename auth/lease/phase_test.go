package lease

import (
	"testing"
	"time"

	"convexgateway/auth"
)

// All times in seconds from the token's iat.
func TestPhasesOf(t *testing.T) {
	tests := []struct {
		name                     string
		lifetime, opened, grace  float64
		needed, silent, endsTime float64
	}{
		{"usual", 60, 0, 10, 45, 59, 70},
		{"long_token", 3600, 0, 10, 2700, 3599, 3610},
		{"quarter_is_15s", 60, 1, 10, 45, 59, 70},
		{"opened_late", 60, 54, 10, 56, 59, 70},
		{"opened_just_after_needed", 60, 46, 10, 48, 59, 70},
		{"almost_expired", 60, 58.5, 10, 59, 59, 70},
		{"short_token", 6, 0, 10, 2, 5, 16},
		{"no_grace", 60, 0, 0, 45, 59, 60},
		{"negative_grace", 60, 0, -5, 45, 59, 60},
	}
	at := func(s float64) time.Time { return start.Add(time.Duration(s * float64(time.Second))) }
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id := &auth.Identity{IssuedAt: start, ExpiresAt: at(tt.lifetime)}
			got := phasesOf(id, at(tt.opened), time.Duration(tt.grace*float64(time.Second)))
			want := credentialPhases{neededFrom: at(tt.needed), silentFrom: at(tt.silent), endsAt: at(tt.endsTime)}
			if got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestPhaseAt(t *testing.T) {
	p := phasesOf(&auth.Identity{IssuedAt: start, ExpiresAt: start.Add(time.Minute)}, start, DefaultGrace)
	tests := []struct {
		after time.Duration
		phase Phase
		until time.Time
	}{
		{0, Live, p.neededFrom},
		{45*time.Second - 1, Live, p.neededFrom},
		{45 * time.Second, TokenNeeded, p.silentFrom},
		{59*time.Second - 1, TokenNeeded, p.silentFrom},
		{59 * time.Second, Silent, p.endsAt},
		{70*time.Second - 1, Silent, p.endsAt},
		{70 * time.Second, Ended, time.Time{}},
		{time.Hour, Ended, time.Time{}},
	}
	for _, tt := range tests {
		if phase, until := p.at(start.Add(tt.after)); phase != tt.phase || !until.Equal(tt.until) {
			t.Errorf("after %v: got %v until %v", tt.after, phase, until)
		}
	}
}

// Clocks that differ by ten seconds still leave the issuer's own clock time for a renewal before it counts the token as
// expired.
func TestTokenIsNeededInTimeDespiteSkew(t *testing.T) {
	for _, skew := range []time.Duration{-10 * time.Second, 10 * time.Second} {
		id := &auth.Identity{IssuedAt: start, ExpiresAt: start.Add(time.Minute)}
		asked := phasesOf(id, start.Add(skew), DefaultGrace).neededFrom.Add(-skew) // by the issuer's clock
		if !asked.Before(id.ExpiresAt) {
			t.Errorf("gateway's clock off by %v: a token is asked for at %v, too late for %v", skew, asked, id.ExpiresAt)
		}
	}
}
