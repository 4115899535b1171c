package auth

import "convexgateway/auth/jws"

// Claimed returns the issuer and the audiences that a token claims to have; empty if it is none. Anybody may have written such a token: they
// decide only how it is verified.
func Claimed(token string) (issuer string, audiences []string) {
	t, err := jws.Parse(token)
	if err != nil {
		return "", nil
	}
	issuer, _ = t.Claims["iss"].(string)
	list, ok := t.Claims["aud"].([]any)
	if !ok {
		list = []any{t.Claims["aud"]}
	}
	for _, aud := range list {
		if text, ok := aud.(string); ok {
			audiences = append(audiences, text)
		}
	}
	return issuer, audiences
}
