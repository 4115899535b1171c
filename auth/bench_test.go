package auth

import "testing"

// BenchmarkVerified measures a token that was verified before.
func BenchmarkVerified(b *testing.B) {
	clock := newTestClock()
	is := newIssuer(b, clock, keyA())
	v := newVerifier(b, is, nil)
	token := is.token(nil)
	if _, err := v.Verify(b.Context(), token); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
