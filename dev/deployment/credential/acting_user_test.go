package credential

import "testing"

func FuzzParseActingUser(f *testing.F) {
	f.Add([]byte(`{"issuer":"https://auth.example.test","subject":"user_123","emailVerified":true,"name":null,"org":{"n":3}}`))
	f.Add([]byte(`{"tokenIdentifier":"x|y"}`))
	f.Add([]byte(`{"issuer":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		user, err := ParseActingUser(text)
		if err != nil {
			return
		}
		if _, ok := user.User()["tokenIdentifier"].(string); !ok || !user.IsAdmin() || user.IsPlainAdmin() {
			t.Fatalf("%s became %v", text, user)
		}
	})
}
