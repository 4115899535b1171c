package deployment

import "testing"

func FuzzParseActingUser(f *testing.F) {
	f.Add([]byte(ada))
	f.Add([]byte(`{"tokenIdentifier":"x|y"}`))
	f.Add([]byte(`{"issuer":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		user, err := parseActingUser(text)
		if err != nil {
			return
		}
		if _, ok := user.User()["tokenIdentifier"].(string); !ok || !user.IsAdmin() || user.IsPlainAdmin() {
			t.Fatalf("%s became %v", text, user)
		}
	})
}
