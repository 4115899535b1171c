package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"convexgateway/auth/jws"
)

func TestIdentityHidesToken(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	id := identityOf(t, newVerifier(t, is, nil), is.token(nil))
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("call", "id", id, "value", *id)
	wrapped := struct {
		Public  Identity
		private Identity
		pointer *Identity
	}{*id, *id, id}
	shown := []string{log.String(), string(mustJSON(id)), string(mustJSON(wrapped)), id.String(), id.GoString()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, id), fmt.Sprintf(verb, *id), fmt.Sprintf(verb, wrapped))
	}
	for _, text := range shown {
		for _, part := range parts(id.Token()) {
			if strings.Contains(text, part) || strings.Contains(text, fmt.Sprintf("%x", part)) {
				t.Errorf("shows the token: %s", text)
			}
		}
	}
	if !strings.Contains(log.String(), "user_ada") {
		t.Errorf("the log does not name the caller: %s", log.String())
	}
}

func TestIdentityInContext(t *testing.T) {
	id := &Identity{Subject: "user_ada"}
	for _, ctx := range []context.Context{context.Background(), NewContext(context.Background(), nil)} {
		if got, known := FromContext(ctx); got != nil || known || ErrorFromContext(ctx) != nil {
			t.Errorf("anonymous: got %v, %v", got, known)
		}
	}
	if got, known := FromContext(NewContext(context.Background(), id)); got != id || !known {
		t.Errorf("got %v, %v", got, known)
	}
}

func TestIdentityOfAnonymous(t *testing.T) {
	var id *Identity
	if id.Token() != "" || id.Key() != [32]byte{} || id.Tag() != "" {
		t.Errorf("got %q, %x, %q", id.Token(), id.Key(), id.Tag())
	}
}

func TestIdentityTag(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	a := identityOf(t, newVerifier(t, is, nil), is.token(nil))
	b := identityOf(t, newVerifier(t, is, nil), is.token(edit{"jti": "other", "fva": nil}))
	if a.Tag() != b.Tag() || len(a.Tag()) != 16 {
		t.Errorf("tags of one user on two replicas: %q, %q", a.Tag(), b.Tag())
	}
	key := a.Key()
	if strings.HasPrefix(fmt.Sprintf("%x", key), a.Tag()) {
		t.Error("the tag shows the key")
	}
}

// Two keys are equal exactly if the claims are, but for those that belong to one token.
func TestIdentityKeyProperty(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	is := newIssuer(t, newTestClock(), keyA())
	rules := clerkRules{applicationID: "convex", allowTemplates: true, maxLifetime: DefaultMaxLifetime}
	issuer := acceptedIssuer{rules: rules, provider: openIDProvider}
	identify := func(payload []byte) *Identity {
		tok, err := jws.Parse(sign(is.key, mustJSON(is.header(nil)), payload))
		if err != nil {
			t.Fatal(err)
		}
		id, refusal := issuer.identify(tok)
		if refusal != nil {
			t.Fatalf("%v: %s", refusal, payload)
		}
		return id
	}
	equal, different := 0, 0
	for range 300 {
		a := is.claims(randomClaims(rng))
		b := maps.Clone(a)
		for range rng.IntN(3) {
			randomChange(rng).Apply(b)
		}
		same := reflect.DeepEqual(stable(a), stable(b))
		if got := identify(mustJSON(a)).Key() == identify(reformat(rng, b)).Key(); got != same {
			t.Fatalf("keys equal: %v, claims equal: %v\n%s\n%s", got, same, mustJSON(a), mustJSON(b))
		}
		if same {
			equal++
		} else {
			different++
		}
	}
	if equal < 50 || different < 50 {
		t.Errorf("only %d equal and %d different pairs", equal, different)
	}
}

func stable(claims map[string]any) map[string]any {
	c := maps.Clone(claims)
	for _, name := range []string{"exp", "iat", "nbf", "jti", "fva", "azp", "nonce", "auth_time", "acr", "amr", "at_hash", "c_hash"} {
		delete(c, name)
	}
	var plain map[string]any
	_ = json.Unmarshal(mustJSON(c), &plain)
	return plain
}

func randomClaims(rng *rand.Rand) edit {
	return edit{"name": randomText(rng), "role": map[string]any{"level": rng.IntN(3), "tags": []any{randomText(rng), nil, true}}}
}

func randomText(rng *rand.Rand) string {
	alphabet := []rune("ab\"\\/<>&\n\u2028é😀\x01")
	text := make([]rune, rng.IntN(5))
	for i := range text {
		text[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(text)
}

func randomChange(rng *rand.Rand) edit {
	at := start.Unix() + rng.Int64N(5)
	changes := []edit{
		{"iat": at}, {"exp": at + 60}, {"nbf": at}, {"jti": randomText(rng)}, {"fva": []int{rng.IntN(9), 1}}, {"azp": "https://a"}, {"fva": nil}, {"nonce": randomText(rng)}, {"auth_time": at},
		{"name": randomText(rng)}, {"sid": "sess_b"}, {"sub": "user_b"}, {"iat2": at}, {"role": nil}, {"sts": nil},
		{"big": json.Number("9007199254740993")}, {"o": map[string]any{"id": "org_1", "exp": 1}},
	}
	return changes[rng.IntN(len(changes))]
}

// reformat writes the same claims in another order, with spaces and escapes.
func reformat(rng *rand.Rand, claims map[string]any) []byte {
	names := make([]string, 0, len(claims))
	for name := range claims {
		names = append(names, name)
	}
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var out bytes.Buffer
	for i, name := range names {
		out.WriteString(map[bool]string{true: "{ ", false: " ,\n"}[i == 0])
		fmt.Fprintf(&out, "\"\\u%04x%s\" : ", name[0], name[1:])
		value := new(bytes.Buffer)
		e := json.NewEncoder(value)
		e.SetEscapeHTML(rng.IntN(2) == 0)
		_ = e.Encode(claims[name])
		out.Write(value.Bytes())
	}
	return append(out.Bytes(), " }"...)
}
