package service

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/auth"
	"convexgateway/auth/lease"
)

const ownIssuer = "https://gateway.test"

func newTestIssuer(t *testing.T, keys ...PrivateKey) *Issuer {
	t.Helper()
	if len(keys) == 0 {
		keys = []PrivateKey{NewIssuerKey()}
	}
	i, err := NewIssuer(ownIssuer, keys)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// fileOf writes a services file.
func fileOf(t *testing.T, entries ...Entry) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "services.json")
	rewrite(t, name, entries...)
	return name
}

func rewrite(t *testing.T, name string, entries ...Entry) {
	t.Helper()
	if entries == nil {
		entries = []Entry{}
	}
	text, err := json.Marshal(map[string]any{"services": entries})
	if err == nil {
		err = os.WriteFile(name, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func openFile(t *testing.T, name string, issuer *Issuer) *Directory {
	t.Helper()
	d, err := Open(Options{File: name, Issuer: issuer, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func (d *Directory) mustVerify(t *testing.T, credential string) *auth.Identity {
	t.Helper()
	id, err := d.Verify(t.Context(), credential)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func wantReason(t *testing.T, what string, err error, want auth.Reason) {
	t.Helper()
	if refused, ok := errors.AsType[*auth.Error](err); !ok || refused.Reason != want {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}

// claimsOf returns the claims of a token that the issuer's published keys verify.
func claimsOf(t *testing.T, issuer *Issuer, token string) (claims map[string]any) {
	t.Helper()
	signed, err := jose.ParseSigned(token)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := signed.Verify(issuer.public.Key(signed.Signatures[0].Header.KeyID)[0])
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// A key gives a token of 5 minutes with the entry's claims. Two keys of one service are one identity; another service, and a user for whom it
// acts, are others.
func TestMintedTokens(t *testing.T) {
	t.Parallel()
	issuer := newTestIssuer(t)
	first, firstHash := NewKey()
	second, secondHash := NewKey()
	other, otherHash := NewKey()
	d := openFile(t, fileOf(t,
		Entry{Name: "billing", Keys: []string{firstHash, secondHash}, Rules: Rules{
			Claims: map[string]any{"role": "billing"}, OnBehalfOf: &OnBehalfOf{Subjects: []string{"user_*"}, Functions: []string{"a:*"}},
		}},
		Entry{Name: "jobs", Keys: []string{otherHash}, Rules: Rules{Functions: []string{"b:*"}}},
	), issuer)
	billing, again, jobs := d.mustVerify(t, first), d.mustVerify(t, second), d.mustVerify(t, other)
	claims := claimsOf(t, issuer, billing.Token())
	iat, exp := claims["iat"].(float64), claims["exp"].(float64)
	if claims["sub"] != "service:billing" || claims["iss"] != ownIssuer || claims["aud"] != Audience || claims["role"] != "billing" || exp-iat != 300 || claims["act"] != nil {
		t.Errorf("claims %v", claims)
	}
	if billing.Key() != again.Key() || billing.Key() == jobs.Key() || billing != d.mustVerify(t, first) {
		t.Error("identities are not those of services")
	}
	ada, err := billing.Grant().ActingFor("user_ada")
	if err != nil {
		t.Fatal(err)
	}
	claims = claimsOf(t, issuer, ada.Token())
	if actor, _ := claims["act"].(map[string]any); claims["sub"] != "user_ada" || actor["sub"] != "service:billing" || claims["role"] != nil {
		t.Errorf("claims on behalf of a user: %v", claims)
	}
	if ada.Subject != "user_ada" || ada.ActorSubject != "service:billing" || ada.Key() == billing.Key() {
		t.Errorf("identity %v by %s", ada, ada.ActorSubject)
	}
	if !ada.Allows("a:x") || ada.Allows("b:x") || !billing.Allows("b:x") || jobs.Allows("a:x") || !jobs.Allows("b:x") {
		t.Error("functions are not those of the entries")
	}
	_, err = billing.Grant().ActingFor("org_1")
	wantReason(t, "a subject that is not allowed", err, auth.ReasonOnBehalfOf)
	_, err = jobs.Grant().ActingFor("user_ada")
	wantReason(t, "a service that acts for nobody", err, auth.ReasonOnBehalfOf)
	_, err = ada.Grant().ActingFor("user_bob")
	wantReason(t, "a user", err, auth.ReasonOnBehalfOf)
}

// Keys that nobody has are refused, also those that differ in one character, and the hash itself.
func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	key, hash := NewKey()
	d := openFile(t, fileOf(t, Entry{Name: "billing", Keys: []string{hash}}), newTestIssuer(t))
	for _, guess := range []string{key[:len(key)-1], key + "x", KeyPrefix, KeyPrefix + hash, strings.ToUpper(key[:5]) + key[5:], " " + key} {
		if id, err := d.Verify(t.Context(), guess); err == nil {
			t.Errorf("%q is %v", guess, id)
		}
		if d.Known(guess) {
			t.Errorf("%q is known", guess)
		}
	}
	if d.Known(key) {
		t.Error("a key that was not used yet is known")
	}
	minted := d.mustVerify(t, key).Token()
	if !d.Known(key) {
		t.Error("the key is not known")
	}
	_, err := d.Verify(t.Context(), minted)
	wantReason(t, "a minted token", err, auth.ReasonIssuer)
}

// A certificate is a service by its one SPIFFE id or a DNS name, exactly; the identity ends with it.
func TestCertificates(t *testing.T) {
	t.Parallel()
	d := openFile(t, fileOf(t,
		Entry{Name: "billing", Certificates: []string{"spiffe://acme.test/billing", "dns:Billing.acme.test"}},
		Entry{Name: "jobs", Certificates: []string{"dns:jobs.acme.test"}},
	), newTestIssuer(t))
	soon := time.Now().Add(time.Minute).Truncate(time.Second)
	for name, test := range map[string]struct {
		uris, hosts []string
		until       time.Time
		want        string
		reason      auth.Reason
	}{
		"SPIFFE":               {uris: []string{"spiffe://acme.test/billing"}, want: "service:billing"},
		"two URIs":             {uris: []string{"spiffe://acme.test/billing", "spiffe://acme.test/x"}},
		"SPIFFE below":         {uris: []string{"spiffe://acme.test/billing/x"}},
		"another domain":       {uris: []string{"spiffe://evil.test/billing"}},
		"https":                {uris: []string{"https://acme.test/billing"}},
		"DNS":                  {hosts: []string{"x.acme.test", "BILLING.acme.test"}, want: "service:billing"},
		"wildcard":             {hosts: []string{"*.acme.test"}},
		"DNS of two services":  {hosts: []string{"jobs.acme.test", "billing.acme.test"}, reason: auth.ReasonAmbiguousCredentials},
		"both of one":          {uris: []string{"spiffe://acme.test/billing"}, hosts: []string{"billing.acme.test"}, want: "service:billing"},
		"no name":              {},
		"a name with a space":  {hosts: []string{"a jobs.acme.test"}},
		"ends soon":            {hosts: []string{"jobs.acme.test"}, until: soon, want: "service:jobs"},
		"has just ended":       {hosts: []string{"jobs.acme.test"}, until: time.Now().Add(-time.Second), reason: auth.ReasonTokenExpired},
		"ended before 1 s was": {hosts: []string{"jobs.acme.test"}, until: time.Now().Add(time.Second), reason: auth.ReasonTokenExpired},
	} {
		cert := &x509.Certificate{DNSNames: test.hosts, NotAfter: time.Now().Add(time.Hour)}
		if !test.until.IsZero() {
			cert.NotAfter = test.until
		}
		for _, text := range test.uris {
			u, err := url.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			cert.URIs = append(cert.URIs, u)
		}
		id, err := d.VerifyCertificate(cert)
		switch {
		case test.reason != "":
			wantReason(t, name, err, test.reason)
		case err != nil || (id == nil) != (test.want == "") || id != nil && id.Subject != test.want:
			t.Errorf("%s: %v, %v, want %q", name, id, err, test.want)
		case id != nil && id.ExpiresAt.After(cert.NotAfter):
			t.Errorf("%s: the identity outlives its certificate: %v", name, id.ExpiresAt)
		}
	}
}

// A file that cannot be read or is not valid leaves in force what was there; a changed one replaces it.
func TestFileIsReadAgain(t *testing.T) {
	t.Parallel()
	key, hash := NewKey()
	file := fileOf(t, Entry{Name: "billing", Keys: []string{hash}})
	d := openFile(t, file, newTestIssuer(t))
	id := d.mustVerify(t, key)
	if d.Reload() {
		t.Error("an unchanged file has changed")
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if d.Reload() || id.Grant().Check() != nil {
		t.Error("a broken file is in force")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if d.Reload() || id.Grant().Check() != nil {
		t.Error("a file that is gone is in force")
	}
	rewrite(t, file, Entry{Name: "billing", Keys: []string{hash}, Rules: Rules{Functions: []string{"a:b"}}})
	if !d.Reload() {
		t.Error("the changed file is not in force")
	}
	wantReason(t, "a changed entry", asError(id.Grant().Check()), auth.ReasonServiceChanged)
	if id.Allows("a:b") {
		t.Error("a grant of before still allows functions")
	}
	rewrite(t, file)
	d.Reload()
	wantReason(t, "an entry that was removed", asError(id.Grant().Check()), auth.ReasonServiceRevoked)
	_, err := d.Verify(t.Context(), key)
	wantReason(t, "its key", err, auth.ReasonUnknownService)
}

func asError(err *auth.Error) error {
	if err == nil {
		return nil
	}
	return err
}

// The deployment accepts the tokens of all keys; the first signs.
func TestKeysOfTheIssuer(t *testing.T) {
	t.Parallel()
	first, second := NewIssuerKey(), NewIssuerKey()
	before, after := newTestIssuer(t, second), newTestIssuer(t, first, second)
	token, err := before.sign(map[string]any{"sub": "x"})
	if err != nil {
		t.Fatal(err)
	}
	if claims := claimsOf(t, after, token); claims["sub"] != "x" {
		t.Errorf("a token of the key before: %v", claims)
	}
	token, err = after.sign(map[string]any{"sub": "y"})
	if err != nil {
		t.Fatal(err)
	}
	claimsOf(t, newTestIssuer(t, first), token)
	if text := after.AuthConfig(); !strings.Contains(text, after.KeySet()) || strings.Contains(text, "PRIVATE") || strings.Contains(after.KeySet(), "\"d\"") {
		t.Errorf("auth config: %s", text)
	}
	for name, keys := range map[string][]PrivateKey{
		"none": {}, "no PEM": {"x"}, "twice": {first, first}, "more behind it": {first + "x"},
	} {
		if _, err := NewIssuer(ownIssuer, keys); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for _, bad := range []string{"", "gateway.test", "ftp://gateway.test", "http://gateway.test", "https://u@gateway.test", "https://gateway.test?x"} {
		if _, err := NewIssuer(bad, []PrivateKey{first}); err == nil {
			t.Errorf("%q is an issuer", bad)
		}
	}
}

// A stream of a service goes on for hours under tokens of 5 minutes, each in force before the last has 15 s left, and ends when the key
// leaves the file.
func TestStreamsAreRenewed(t *testing.T) {
	t.Parallel()
	key, hash := NewKey()
	file, issuer := fileOf(t, Entry{Name: "billing", Keys: []string{hash}, Rules: Rules{OnBehalfOf: &OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}}}}), newTestIssuer(t)
	synctest.Test(t, func(t *testing.T) {
		d := openFile(t, file, issuer)
		r := lease.NewRegistry(lease.Config{Verifier: d, Logger: slog.New(slog.DiscardHandler)})
		defer r.Close()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { d.Follow(ctx, func() { r.CheckGrants() }); close(done) }()
		defer func() { cancel(); <-done }()
		id := d.mustVerify(t, key)
		ada, err := id.Grant().ActingFor("user_ada")
		if err != nil {
			t.Fatal(err)
		}
		own, acting := r.Open(id, ""), r.Open(ada, "")
		defer own.Close()
		defer acting.Close()
		tokens := map[[sha256.Size]byte]bool{}
		for range 2 * 60 {
			time.Sleep(time.Minute)
			for _, l := range []lease.Lease{own, acting} {
				s := l.State()
				if s.Err != nil || s.Phase != lease.Live || time.Until(s.Identity.ExpiresAt) < 15*time.Second {
					t.Fatalf("%v: phase %v, %v", s.Identity, s.Phase, s.Err)
				}
				if s.Identity.Key() != id.Key() && s.Identity.Key() != ada.Key() {
					t.Fatal("the identity has changed")
				}
				tokens[sha256.Sum256([]byte(s.Identity.Token()))] = true
			}
		}
		if n := len(tokens); n < 2*20 || n > 2*40 {
			t.Errorf("%d tokens in two hours of two streams", n)
		}
		rewrite(t, file)
		time.Sleep(time.Second)
		synctest.Wait()
		for _, l := range []lease.Lease{own, acting} {
			wantReason(t, "a second after the key has left", asError(l.State().Err), auth.ReasonServiceRevoked)
		}
		late := r.Open(id, "")
		wantReason(t, "a stream that is opened then", asError(late.State().Err), auth.ReasonServiceRevoked)
	})
}

// A stream by a certificate is silent from a second before the certificate ends, and then ends.
func TestStreamEndsWithItsCertificate(t *testing.T) {
	t.Parallel()
	file, issuer := fileOf(t, Entry{Name: "billing", Certificates: []string{"dns:billing.test"}}), newTestIssuer(t)
	synctest.Test(t, func(t *testing.T) {
		d := openFile(t, file, issuer)
		r := lease.NewRegistry(lease.Config{Verifier: d, Logger: slog.New(slog.DiscardHandler)})
		defer r.Close()
		until := time.Now().Add(12 * time.Minute)
		id, err := d.VerifyCertificate(&x509.Certificate{DNSNames: []string{"billing.test"}, NotAfter: until})
		if err != nil {
			t.Fatal(err)
		}
		l := r.Open(id, "")
		defer l.Close()
		time.Sleep(time.Until(until) - 2*time.Second)
		if s := l.State(); s.Err != nil || s.Silent() {
			t.Fatalf("before its end: %v", s.Err)
		}
		time.Sleep(time.Second)
		if !l.State().Silent() {
			t.Error("not silent in its last second")
		}
		time.Sleep(time.Second)
		synctest.Wait() // the end has a timer at this very time
		wantReason(t, "after its end", asError(l.State().Err), auth.ReasonTokenExpired)
	})
}
