package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"convexgateway/internal/jwktest"
	"convexgateway/internal/loopback"
)

var (
	ecKey = sync.OnceValue(func() *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		return key
	})
	edKey = sync.OnceValue(func() ed25519.PrivateKey {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		return key
	})
)

// oidc is an issuer other than Clerk, with discovery and a key of each kind.
type oidc struct {
	*httptest.Server
	clock    *testClock
	document map[string]any // the discovery document
	fetches  atomic.Int64   // of keys
}

func newOIDC(tb testing.TB, clock *testClock) *oidc {
	o := &oidc{clock: clock}
	mux := http.NewServeMux()
	serve := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(mustJSON(o.document)) }
	mux.HandleFunc("GET /.well-known/openid-configuration", serve)
	mux.HandleFunc("GET /tenant/.well-known/openid-configuration", serve)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		o.fetches.Add(1)
		_, _ = w.Write(o.keySet())
	})
	o.Server = httptest.NewServer(mux)
	tb.Cleanup(o.Close)
	o.document = map[string]any{"issuer": o.URL, "jwks_uri": o.URL + "/keys"}
	return o
}

func (o *oidc) keySet() []byte {
	return mustJSON(map[string]any{"keys": []any{jwktest.Of("rsa", keyA()), jwktest.Of("ec", ecKey()), jwktest.Of("ed", edKey())}})
}

func (o *oidc) claims(changes edit) map[string]any {
	now := o.clock.Now().Unix()
	return changes.Apply(map[string]any{
		"iss": o.URL, "sub": "backend@clients", "aud": "gateway", "iat": now, "exp": now + 600, "azp": "backend", "sid": "a sid", "scope": "read",
	})
}

// sign makes a token with the key of an algorithm.
func (o *oidc) sign(alg string, header, claims edit) string {
	kid := map[string]string{"RS256": "rsa", "ES256": "ec", "EdDSA": "ed"}[alg]
	head := header.Apply(map[string]any{"alg": alg, "typ": "JWT", "kid": kid})
	input := base64.RawURLEncoding.EncodeToString(mustJSON(head)) + "." + base64.RawURLEncoding.EncodeToString(mustJSON(o.claims(claims)))
	return input + "." + base64.RawURLEncoding.EncodeToString(signatureOf(alg, input))
}

func signatureOf(alg, input string) (signature []byte) {
	digest := sha256.Sum256([]byte(input))
	var err error
	switch alg {
	case "EdDSA":
		signature = ed25519.Sign(edKey(), []byte(input))
	case "ES256":
		r, s, signErr := ecdsa.Sign(rand.Reader, ecKey(), digest[:])
		signature, err = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), signErr
	default:
		signature, err = rsa.SignPKCS1v15(nil, keyA(), crypto.SHA256, digest[:])
	}
	if err != nil {
		panic(err)
	}
	return signature
}

// asIssuer is the issuer as it is configured.
func (o *oidc) asIssuer() Issuer { return Issuer{URL: o.URL, ApplicationID: "gateway"} }

func (o *oidc) custom(algorithm, applicationID string) Issuer {
	return Issuer{URL: o.URL, Keys: o.URL + "/keys", Algorithm: algorithm, ApplicationID: applicationID}
}

func (o *oidc) verifier(tb testing.TB, change func(*Config), issuers ...Issuer) *ClerkVerifier {
	tb.Helper()
	c := Config{OtherIssuers: issuers, Clock: o.clock.Now, Logger: quiet()}
	if change != nil {
		change(&c)
	}
	v, err := NewClerkVerifier(c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(v.Close)
	return v
}

// TestOtherIssuers lists accepted and refused tokens of other issuers, through the interceptors of a real server.
func TestOtherIssuers(t *testing.T) {
	clock := newTestClock()
	o := newOIDC(t, clock)
	now := start.Unix()
	rsa := func(claims edit) string { return o.sign("RS256", nil, claims) }
	header := func(h edit) string { return o.sign("RS256", h, nil) }
	oidc := []Issuer{o.asIssuer()}
	two := []Issuer{o.asIssuer(), {URL: o.URL, ApplicationID: "other"}}
	custom := []Issuer{o.custom("ES256", "gateway")}
	customAny := []Issuer{o.custom("", "")}
	data := []Issuer{{URL: o.URL, Algorithm: "ES256", Keys: "data:text/plain;charset=utf-8;base64," + base64.StdEncoding.EncodeToString(o.keySet())}}
	number := func(text string) json.RawMessage { return json.RawMessage(text) }
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was fetched", r.URL) }))
	defer elsewhere.Close()
	parties := func(c *Config) { c.AuthorizedParties = []string{"https://app.example"} }

	tests := []struct {
		name    string
		issuers []Issuer
		token   string
		reason  Reason
	}{
		{"rs256", oidc, rsa(nil), ""},
		{"eddsa", oidc, o.sign("EdDSA", nil, nil), ""},
		{"es256_is_not_for_oidc", oidc, o.sign("ES256", nil, nil), ReasonMalformed},
		{"alg_of_another_key", oidc, o.sign("RS256", edit{"kid": "ed"}, nil), ReasonBadSignature},
		{"key_of_another_alg", oidc, o.sign("EdDSA", edit{"kid": "rsa"}, nil), ReasonBadSignature},
		{"hs256", oidc, header(edit{"alg": "HS256"}), ReasonMalformed},
		{"none", oidc, header(edit{"alg": "none"}), ReasonMalformed},
		{"kid_missing", oidc, header(edit{"kid": nil}), ReasonMalformed},
		{"kid_unknown", oidc, header(edit{"kid": "x"}), ReasonUnknownKey},
		{"jwk_in_header", oidc, header(edit{"jwk": jwktest.Of("x", keyB())}), ReasonMalformed},
		{"crit", oidc, header(edit{"crit": []string{"exp"}}), ReasonMalformed},
		{"access_token", oidc, header(edit{"typ": "at+jwt"}), ""},
		{"access_token_in_full", oidc, header(edit{"typ": "APPLICATION/AT+JWT"}), ""},
		{"id_token", oidc, header(edit{"typ": "id+jwt"}), ""},
		{"id_token_in_capitals", oidc, header(edit{"typ": "ID+JWT"}), ""},
		{"bearer_token", oidc, header(edit{"typ": "Bearer"}), ""},
		{"bearer_token_of_custom", customAny, header(edit{"typ": "BEARER"}), ""},
		{"jwt_in_full", oidc, header(edit{"typ": "application/jwt"}), ""},
		{"jwt_in_full_and_mixed_case", oidc, header(edit{"typ": "Application/Jwt"}), ""},
		{"another_type_in_full", oidc, header(edit{"typ": "application/logout+jwt"}), ReasonMalformed},
		{"application_alone_twice", oidc, header(edit{"typ": "application/application/jwt"}), ReasonMalformed},
		{"jku", oidc, header(edit{"jku": elsewhere.URL}), ""},
		{"x5u", oidc, header(edit{"x5u": elsewhere.URL}), ""},
		{"JKU_and_X5U_of_custom", customAny, header(edit{"JKU": elsewhere.URL, "X5U": elsewhere.URL}), ""},
		{"jku_of_another_key", oidc, sign(keyB(), mustJSON(edit{"jku": elsewhere.URL}.Apply(map[string]any{"alg": "RS256", "kid": "rsa"})), mustJSON(o.claims(nil))), ReasonBadSignature},
		{"x5c", oidc, header(edit{"x5c": []string{"AA=="}}), ReasonMalformed},
		{"no_typ", oidc, header(edit{"typ": nil}), ""},
		{"logout_token", oidc, header(edit{"typ": "logout+jwt"}), ReasonMalformed},
		{"typ_number", oidc, header(edit{"typ": 7}), ReasonMalformed},
		{"flipped", oidc, flipPayload(rsa(nil), "backend@clients", "admin---clients"), ReasonBadSignature},
		{"issuer_with_slash", oidc, rsa(edit{"iss": o.URL + "/"}), ReasonIssuer},
		{"issuer_suffix", oidc, rsa(edit{"iss": o.URL + ".evil"}), ReasonIssuer},
		{"audience_in_list", oidc, rsa(edit{"aud": []string{"gateway"}}), ""},
		{"audience_other", oidc, rsa(edit{"aud": "other"}), ReasonAudience},
		{"audience_missing", oidc, rsa(edit{"aud": nil}), ReasonAudience},
		{"audience_number", oidc, rsa(edit{"aud": 7}), ReasonAudience},
		{"audience_two", oidc, rsa(edit{"aud": []string{"gateway", "x"}}), ReasonAudience},
		{"audience_of_second_application", two, rsa(edit{"aud": "other"}), ""},
		{"audience_of_both_applications", two, rsa(edit{"aud": []string{"gateway", "other"}}), ReasonAudience},
		{"sub_missing", oidc, rsa(edit{"sub": nil}), ReasonSubject},
		{"sub_empty", oidc, rsa(edit{"sub": ""}), ReasonSubject},
		{"sub_number", oidc, rsa(edit{"sub": 7}), ReasonSubject},
		{"sub_with_newline", oidc, rsa(edit{"sub": "a\nb"}), ReasonSubject},
		{"sub_with_c1", oidc, rsa(edit{"sub": "a\u0085b"}), ReasonSubject},
		{"sub_256_bytes", oidc, rsa(edit{"sub": strings.Repeat("s", 256)}), ""},
		{"sub_257_bytes", oidc, rsa(edit{"sub": strings.Repeat("s", 257)}), ReasonSubject},
		{"sub_of_any_form", oidc, rsa(edit{"sub": "auth0|ü 7"}), ""},
		{"sub_of_a_machine", oidc, rsa(edit{"sub": "mch_1"}), ""},
		{"SUB_and_sub", oidc, rsa(edit{"SUB": "x"}), ReasonMalformed},
		{"exp_missing", oidc, rsa(edit{"exp": nil}), ReasonMalformed},
		{"iat_missing", oidc, rsa(edit{"iat": nil}), ReasonMalformed},
		{"expired", oidc, rsa(edit{"iat": now - 60, "exp": now - 1}), ReasonTokenExpired},
		{"nbf_ahead", oidc, rsa(edit{"nbf": now + 30}), ReasonTokenNotYetValid},
		{"iat_a_little_ahead", oidc, rsa(edit{"iat": now + 3}), ""},
		{"exp_fraction", oidc, rsa(edit{"exp": number("1790000600.5")}), ""},
		{"exp_exponent", oidc, rsa(edit{"exp": number("1.7900006e9")}), ""},
		{"exp_capital_exponent", oidc, rsa(edit{"exp": number("17900006E+2")}), ""},
		{"exp_zero_fraction", oidc, rsa(edit{"exp": number("1790000600.0")}), ""},
		{"exp_fraction_of_custom", customAny, rsa(edit{"exp": number("1790000600.25")}), ""},
		{"iat_and_nbf_fractions", oidc, rsa(edit{"iat": number("1789999999.75"), "nbf": number("1.789999999e9")}), ""},
		{"24_hours_with_fractions", oidc, rsa(edit{"iat": number("1790000000.1"), "exp": number("1790086400.1")}), ""},
		{"over_24_hours_by_a_fraction", oidc, rsa(edit{"exp": number("1790086400.5")}), ReasonTokenLifetime},
		{"expired_by_a_fraction", oidc, rsa(edit{"exp": number("1790000000.9")}), ReasonTokenExpired},
		{"nbf_ahead_by_a_fraction", oidc, rsa(edit{"nbf": number("1790000005.5")}), ReasonTokenNotYetValid},
		{"exp_1e30", oidc, rsa(edit{"exp": number("1e30")}), ReasonMalformed},
		{"exp_1e400", oidc, rsa(edit{"exp": number("1e400")}), ReasonMalformed},
		{"exp_negative_fraction", oidc, rsa(edit{"exp": number("-0.5")}), ReasonMalformed},
		{"exp_of_digits_in_a_string", oidc, rsa(edit{"exp": "1790000600.5"}), ReasonMalformed},
		{"24_hours", oidc, rsa(edit{"exp": now + 86400}), ""},
		{"over_24_hours", oidc, rsa(edit{"exp": now + 86401}), ReasonTokenLifetime},
		{"handshake_claims_say_nothing", oidc, rsa(edit{"handshake": 1, "client_id": "c", "sts": "pending"}), ""},
		{"custom_es256", custom, o.sign("ES256", nil, nil), ""},
		{"custom_other_algorithm", custom, rsa(nil), ReasonMalformed},
		{"custom_among_audiences", custom, o.sign("ES256", nil, edit{"aud": []string{"x", "gateway"}}), ""},
		{"custom_other_audience", custom, o.sign("ES256", nil, edit{"aud": []string{"x"}}), ReasonAudience},
		{"custom_any_audience", customAny, rsa(edit{"aud": nil}), ""},
		{"custom_sub_missing", customAny, rsa(edit{"sub": nil}), ReasonSubject},
		{"custom_data_url", data, o.sign("ES256", nil, edit{"aud": "x"}), ""},
		{"custom_data_url_unknown_kid", data, o.sign("ES256", edit{"kid": "x"}, nil), ReasonUnknownKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGateway(t, o.verifier(t, parties, tt.issuers...), Required)
			code := u
			if tt.reason == "" {
				code = ok
			}
			who := g.expect(t, code, tt.reason, append(bearerOf(tt.token), "origin", "https://elsewhere.example")...)
			if code == ok && (who["sub"] == "" || who["sid"] != "" || who["org"] != "" || who["actor"] != "") {
				t.Errorf("caller is %v", who)
			}
		})
	}
}

// The fractions of a date are kept, as the deployment keeps them.
func TestFractionsOfDates(t *testing.T) {
	o := newOIDC(t, newTestClock())
	v := o.verifier(t, nil, o.asIssuer())
	for text, want := range map[string]time.Time{
		"1790000600.5":    time.Unix(1790000600, 5e8),
		"1.7900006005e9":  time.Unix(1790000600, 5e8),
		"1790000600.0":    time.Unix(1790000600, 0),
		"1790000600":      time.Unix(1790000600, 0),
		"179000060025e-2": time.Unix(1790000600, 25e7),
	} {
		id, err := v.Verify(t.Context(), o.sign("RS256", nil, edit{"exp": json.RawMessage(text)}))
		if err != nil || !id.ExpiresAt.Equal(want) {
			t.Errorf("%s: %v, %v", text, id, err)
		}
	}
}

// The error of a malformed token, which is for the log, names the claim or the member of the header.
func TestMalformedNamesTheClaim(t *testing.T) {
	clock := newTestClock()
	o, is := newOIDC(t, clock), newIssuer(t, clock, keyA())
	v := newVerifier(t, is, func(c *Config) { c.OtherIssuers = []Issuer{o.asIssuer()} })
	deep := json.RawMessage(strings.Repeat("[", 100) + strings.Repeat("]", 100))
	for name, test := range map[string]struct{ token, want string }{
		"no exp":          {o.sign("RS256", nil, edit{"exp": nil}), "exp"},
		"exp text":        {o.sign("RS256", nil, edit{"exp": "x"}), "exp"},
		"exp huge":        {o.sign("RS256", nil, edit{"exp": json.RawMessage("1e30")}), "exp"},
		"iat list":        {o.sign("RS256", nil, edit{"iat": []int{1}}), "iat"},
		"nbf true":        {o.sign("RS256", nil, edit{"nbf": true}), "nbf"},
		"another case":    {o.sign("RS256", nil, edit{"SUB": "x"}), "sub"},
		"typ":             {o.sign("RS256", edit{"typ": "logout+jwt"}, nil), "typ"},
		"kid":             {o.sign("RS256", edit{"kid": 7}, nil), "kid"},
		"surrogate":       {o.sign("RS256", nil, edit{"nick": json.RawMessage(`"\ud800"`)}), `"nick"`},
		"nested":          {o.sign("RS256", nil, edit{"tree": deep}), `"tree"`},
		"twice, nested":   {o.sign("RS256", nil, edit{"tree": json.RawMessage(`{"leaf":1,"leaf":2}`)}), `"leaf"`},
		"Clerk: exp":      {is.token(edit{"exp": json.RawMessage("1790000060.5")}), "exp"},
		"Clerk: azp":      {is.token(edit{"azp": 7}), "azp"},
		"Clerk: twice":    {rawClaims(is, `"sub":"user_ada","nick":1,"nick":2`), `"nick"`},
		"Clerk: features": {is.token(edit{"fea": 7}), "fea"},
		"Clerk: jku":      {is.tokenWith(edit{"jku": "https://elsewhere.example"}, nil), "jku"},
	} {
		_, err := v.Verify(t.Context(), test.token)
		if reasonOf(err) != ReasonMalformed || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// flipPayload replaces text in a token's payload by text of the same length.
func flipPayload(token, old, text string) string {
	p := parts(token)
	raw, _ := base64.RawURLEncoding.DecodeString(p[1])
	return p[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), old, text, 1))) + "." + p[2]
}

// Keys come only from the URL in a document of the issuer itself.
func TestIssuerDiscovery(t *testing.T) {
	tests := map[string]struct {
		change edit
		good   bool
	}{
		"as_it_is":        {nil, true},
		"slash":           {edit{"issuer": "{url}/"}, false},
		"other_issuer":    {edit{"issuer": "https://other.example"}, false},
		"no_issuer":       {edit{"issuer": nil}, false},
		"no_keys":         {edit{"jwks_uri": nil}, false},
		"keys_by_http":    {edit{"jwks_uri": "http://keys.example/keys"}, false},
		"keys_by_file":    {edit{"jwks_uri": "file:///etc/passwd"}, false},
		"keys_with_user":  {edit{"jwks_uri": "https://u:p@127.0.0.1/keys"}, false},
		"keys_not_there":  {edit{"jwks_uri": "{url}/nothing"}, false},
		"document_broken": {edit{"issuer": json.RawMessage(`7`)}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOIDC(t, newTestClock())
			for member, value := range tt.change {
				if text, is := value.(string); is {
					value = strings.ReplaceAll(text, "{url}", o.URL)
				}
				edit{member: value}.Apply(o.document)
			}
			v := o.verifier(t, nil, o.asIssuer())
			if err := v.Prefetch(t.Context()); (err == nil) != tt.good || v.Ready() != tt.good {
				t.Errorf("ready %v, %v", v.Ready(), err)
			}
			want := ReasonAuthBackendUnavailable
			if tt.good {
				want = ""
			}
			if _, err := v.Verify(t.Context(), o.sign("RS256", nil, nil)); reasonOf(err) != want {
				t.Errorf("got %v", err)
			}
		})
	}
}

// An issuer may have a path, and its document up to 64 KiB.
func TestIssuerWithPath(t *testing.T) {
	o := newOIDC(t, newTestClock())
	o.document["issuer"] = o.URL + "/tenant/" // as Auth0's, with a slash
	p := Issuer{URL: o.URL + "/tenant/", ApplicationID: "gateway"}
	token := o.sign("RS256", nil, edit{"iss": o.URL + "/tenant/"})
	identityOf(t, o.verifier(t, nil, p), token)
	o.document["filler"] = strings.Repeat("x", 64<<10)
	if _, err := o.verifier(t, nil, p).Verify(t.Context(), token); reasonOf(err) != ReasonAuthBackendUnavailable {
		t.Errorf("got %v", err)
	}
}

// Tokens of one backend are one caller; its sign-out lasts as long as its longest token.
func TestTokensOfOneCaller(t *testing.T) {
	o := newOIDC(t, newTestClock())
	deny := NewDenyList(o.clock.Now)
	v := o.verifier(t, func(c *Config) { c.DenyList = deny }, o.asIssuer())
	first := identityOf(t, v, o.sign("RS256", nil, edit{"exp": start.Unix() + 86400}))
	second := identityOf(t, v, o.sign("EdDSA", nil, edit{"jti": "2", "exp": start.Unix() + 700}))
	if first.Key() != second.Key() || !first.SameSignIn(second) {
		t.Error("two callers")
	}
	out := SignOut(first)
	out.IssuedUpTo = o.clock.Now()
	deny.Add(out)
	o.clock.advance(23 * time.Hour)
	if _, err := v.Verify(t.Context(), first.Token()); reasonOf(err) != ReasonSignedOut {
		t.Errorf("got %v", err)
	}
}

func TestIssuerSettings(t *testing.T) {
	jwks := base64.StdEncoding.EncodeToString(mustJSON(map[string]any{"keys": []any{jwktest.Of("e", ecKey())}}))
	tests := map[string]struct {
		issuers []string
		problem string
	}{
		"good":           {[]string{"https://a.example application=x", " https://b.example/  application=x "}, ""},
		"two_apps":       {[]string{"https://a.example application=x", "https://a.example application=y"}, ""},
		"custom":         {[]string{"https://a.example jwks=https://a.example/keys algorithm=ES256 application=x"}, ""},
		"custom_any":     {[]string{"https://a.example jwks=https://a.example/keys"}, ""},
		"data":           {[]string{"https://a.example jwks=data:application/json;base64," + jwks + " algorithm=ES256"}, ""},
		"empty":          {[]string{""}, "empty issuer"},
		"no_application": {[]string{"https://a.example"}, "application is missing"},
		"unknown_field":  {[]string{"https://a.example audience=x"}, "is none of"},
		"field_twice":    {[]string{"https://a.example application=x application=y"}, "must have one value"},
		"field_empty":    {[]string{"https://a.example application="}, "must have one value"},
		"http":           {[]string{"http://a.example application=x"}, "use https"},
		"key_url":        {[]string{"https://a.example/.well-known/openid-configuration application=x"}, ".well-known"},
		"clerk_dev":      {[]string{"https://b-c-1.clerk.accounts.dev application=convex"}, "Clerk instance"},
		"clerk_issuer":   {[]string{"https://clerk.example application=convex"}, "given twice"},
		"twice":          {[]string{"https://a.example application=x", "https://a.example application=x"}, "given twice"},
		"both_types":     {[]string{"https://a.example application=x", "https://a.example jwks=https://a.example/k"}, "given twice"},
		"algorithm":      {[]string{"https://a.example jwks=https://a.example/k algorithm=HS256"}, "not RS256 or ES256"},
		"oidc_algorithm": {[]string{"https://a.example application=x algorithm=ES256"}, "algorithm is for"},
		"http_jwks":      {[]string{"https://a.example jwks=http://a.example/k"}, "jwks: must begin with https"},
		"data_empty":     {[]string{"https://a.example jwks=data:application/json,{}"}, "jwks: key set: no usable key"},
		"data_base64":    {[]string{"https://a.example jwks=data:;base64,***"}, "jwks: not base64"},
		"data_none":      {[]string{"https://a.example jwks=data:x"}, "jwks: not a data: URL"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := Config{Issuers: []string{"https://clerk.example"}}
			var err error
			for _, text := range tt.issuers {
				var is Issuer
				if is, err = ParseIssuer(text); err != nil {
					break
				}
				c.OtherIssuers = append(c.OtherIssuers, is)
			}
			if err == nil {
				var v *ClerkVerifier
				if v, err = NewClerkVerifier(c); err == nil {
					v.Close()
				}
			}
			if (err == nil) != (tt.problem == "") || err != nil && (!strings.Contains(err.Error(), tt.problem) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("got %v, want %q", err, tt.problem)
			}
		})
	}
}

func TestParseIssuer(t *testing.T) {
	got, err := ParseIssuer("https://a.example jwks=https://b.example/keys algorithm=ES256 application=x=y")
	if want := (Issuer{"https://a.example", "x=y", "https://b.example/keys", "ES256"}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

// FuzzParseIssuer: the keys of an accepted issuer are fetched over https or from loopback, or not at all.
func FuzzParseIssuer(f *testing.F) {
	f.Add("https://a.example application=x")
	f.Add("https://a.example jwks=https://b.example/keys algorithm=ES256")
	f.Add("https://a.example algorithm=ES256 jwks=data:," + string(mustJSON(map[string]any{"keys": []any{jwktest.Of("e", ecKey())}})))
	f.Add("https://a.example jwks=data:;base64,e30=")
	f.Add("http://localhost:1/x application=y")
	f.Fuzz(func(t *testing.T, text string) {
		is, err := ParseIssuer(text)
		if err != nil {
			return
		}
		for _, at := range []string{is.URL, is.Keys} {
			u, err := url.Parse(at)
			safe := u != nil && (u.Scheme == "https" || u.Scheme == "http" && loopback.IsHost(u.Hostname()))
			if at != "" && !strings.HasPrefix(is.Keys, "data:") && (err != nil || !safe) {
				t.Fatalf("accepted %+v", is)
			}
		}
		v, err := NewClerkVerifier(Config{OtherIssuers: []Issuer{is}, Logger: quiet()})
		if err != nil {
			t.Fatalf("accepted %+v, and then not: %v", is, err)
		}
		v.Close()
	})
}
