package convex

import "testing"

func TestLossCauses(t *testing.T) {
	for reason, want := range map[string]string{
		connectionLost: "connection_lost", "InactiveServer": "silence", "AuthError": "auth", "AuthProviderDiscoveryFailed": "auth",
		"FatalError": "protocol", "sync protocol error: transition starts at": "protocol", "CommitterFullError: too much": "overloaded",
		"closed with code 1011": "closed", "anything that a deployment may say": "closed",
	} {
		if got := lossCause(reason); got != want {
			t.Errorf("%q is %s, want %s", reason, got, want)
		}
	}
	var s syncStats
	s.lose("")
	s.lose(connectionLost)
	if got := s.snapshot().Lost; len(got) != 1 || got["connection_lost"] != 1 {
		t.Errorf("lost %v", got)
	}
}
