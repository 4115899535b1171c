package service

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"convexgateway/auth"
	"convexgateway/internal/glob"
)

// Bounds of a services file.
const (
	maxFile   = 1 << 20 // bytes
	maxClaims = 4 << 10 // bytes of JSON of an entry: a token has 8 KiB
)

// Entry is a service in the services file. It needs one of Keys, Certificates and Tokens.
type Entry struct {
	// Name is [a-z0-9][a-z0-9-]*, at most 64 characters. The subject of the service is service:NAME.
	Name string `json:"name"`
	// Keys are hashes of API keys, as NewKey returns them: two while one replaces the other.
	Keys []string `json:"keys,omitempty"`
	// Certificates are names of client certificates, exactly: spiffe://… or dns:….
	Certificates []string `json:"certificates,omitempty"`
	// Tokens are those of a platform that the service may present.
	Tokens []Workload `json:"tokens,omitempty"`
	Rules
}

// Rules are what holds for a service by whatever it proves itself. A change of them ends its streams.
type Rules struct {
	// Functions are patterns of functions that it may call, such as messages:list or messages:*. Absent: all; empty: none.
	Functions []string `json:"functions"`
	// Claims are in its tokens besides the usual ones.
	Claims map[string]any `json:"claims,omitempty"`
	// Share is the part of all streams, calls and bytes that it may have, over 0 and up to 1. 0: as much as any other caller.
	Share float64 `json:"share,omitempty"`
	// OnBehalfOf allows it to act for users. nil: for none.
	OnBehalfOf *OnBehalfOf `json:"onBehalfOf,omitempty"`
}

// Workload is a kind of token of a platform: its issuer and audience, exactly, and a pattern of its subject.
type Workload struct {
	Issuer   string `json:"issuer"`
	Audience string `json:"audience"`
	Subject  string `json:"subject"`
	// Keys is the URL of the issuer's key set, which may be a data: URL. Empty: it is found by OpenID Connect discovery.
	Keys string `json:"jwks,omitempty"`
	// Algorithm is RS256 or ES256, with Keys. Empty: RS256, and with discovery also EdDSA.
	Algorithm string `json:"algorithm,omitempty"`
}

// OnBehalfOf are the users that a service may act for: patterns of their subjects, and of the functions that it may call then.
type OnBehalfOf struct {
	Subjects  []string `json:"subjects"`
	Functions []string `json:"functions"`
}

// parse reads the text of a services file. Errors name the entry; they quote neither keys nor claims.
func parse(text []byte) ([]Entry, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("larger than %d bytes", maxFile)
	}
	var file struct {
		Services *[]Entry `json:"services"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("not the expected JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	if file.Services == nil {
		return nil, errors.New(`no "services"`)
	}
	for i, e := range *file.Services {
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("service %d (%.64q): %w", i+1, e.Name, err)
		}
		if slices.ContainsFunc((*file.Services)[:i], func(other Entry) bool { return other.Name == e.Name }) {
			return nil, fmt.Errorf("service %q is there twice", e.Name)
		}
	}
	return *file.Services, nil
}

var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// CheckName returns why a text is no name of a service; nil if it is one.
func CheckName(name string) error {
	if !namePattern.MatchString(name) {
		return errors.New("a name has 1 to 64 of a-z, 0-9 and -, and does not begin with -")
	}
	return nil
}

func (e Entry) check() error {
	if err := CheckName(e.Name); err != nil {
		return err
	}
	if len(e.Keys)+len(e.Certificates)+len(e.Tokens) == 0 {
		return errors.New("it has none of keys, certificates and tokens")
	}
	for _, name := range e.Certificates {
		if _, err := parseCertificateName(name); err != nil {
			return err
		}
	}
	for _, w := range e.Tokens {
		if w.Issuer == "" || w.Audience == "" || w.Subject == "" {
			return errors.New("tokens: issuer, audience and subject are needed")
		}
	}
	return e.Rules.check()
}

func (r Rules) check() error {
	if err := checkFunctions(r.Functions); err != nil {
		return err
	}
	if r.Share < 0 || r.Share > 1 {
		return errors.New("share: must be from 0 to 1")
	}
	if err := checkClaims(r.Claims); err != nil {
		return err
	}
	if r.OnBehalfOf == nil {
		return nil
	}
	if len(r.OnBehalfOf.Subjects) == 0 || len(r.OnBehalfOf.Functions) == 0 {
		return errors.New("onBehalfOf: subjects and functions are needed")
	}
	if slices.Contains(r.OnBehalfOf.Subjects, "") {
		return errors.New("onBehalfOf: a subject is empty")
	}
	return checkFunctions(r.OnBehalfOf.Functions)
}

// checkFunctions refuses patterns that can match no function, which are errors of writing.
func checkFunctions(patterns []string) error {
	for _, p := range patterns {
		if strings.Contains(p, ".js:") || !strings.ContainsAny(p, ":*") {
			return fmt.Errorf("functions: %.100q is not of the form module:function, with * for any text", p)
		}
	}
	return nil
}

// reservedClaims are the gateway's own, and those that would make functions see another caller.
var reservedClaims = []string{"iss", "sub", "aud", "iat", "exp", "nbf", "jti", "fva", "act", "subject", "issuer", "tokenIdentifier"}

// claimName is one that functions can read: Convex has fields of that form (get-convex/convex-backend crates/value/src/field_name.rs), and
// flattens objects by dots.
var claimName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

func checkClaims(claims map[string]any) error {
	for name := range claims {
		if slices.Contains(reservedClaims, name) {
			return fmt.Errorf("claims: %s is set by the gateway", name)
		}
		if !claimName.MatchString(name) {
			return fmt.Errorf("claims: %.64q is not a letter or _, and then letters, digits and _", name)
		}
	}
	text, err := json.Marshal(claims)
	if err != nil || len(text) > maxClaims {
		return fmt.Errorf("claims: larger than %d bytes", maxClaims)
	}
	return nil
}

// fingerprint is different for different rules.
func (r Rules) fingerprint() [sha256.Size]byte {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // they were JSON
	}
	return sha256.Sum256(text)
}

// allows reports whether the service may call a function for itself.
func (r Rules) allows(path string) bool {
	return r.Functions == nil || glob.MatchAny(r.Functions, path)
}

// allowsFor reports whether it may act for a user, and allowsActing whether it may call a function then.
func (r Rules) allowsFor(subject string) bool {
	return r.OnBehalfOf != nil && glob.MatchAny(r.OnBehalfOf.Subjects, subject)
}

func (r Rules) allowsActing(path string) bool {
	return r.OnBehalfOf != nil && glob.MatchAny(r.OnBehalfOf.Functions, path)
}

// parseCertificateName returns the name as certificates are looked up by: the URI, or dns: and the name in lower case.
func parseCertificateName(text string) (string, error) {
	switch host, isDNS := strings.CutPrefix(text, "dns:"); {
	case isDNS && host != "" && !strings.ContainsAny(host, "* "):
		return dnsName(host), nil
	case strings.HasPrefix(text, "spiffe://") && len(text) > len("spiffe://") && !strings.ContainsAny(text, "* "):
		return text, nil
	}
	return "", fmt.Errorf("certificates: %.200q is neither spiffe://… nor dns:…, without *", text)
}

func dnsName(host string) string { return "dns:" + strings.ToLower(host) }

// issuer is the workload's issuer as auth verifies it. With keys of its own any audience passes there: it is compared here.
func (w Workload) issuer() auth.Issuer {
	if w.Keys != "" {
		return auth.Issuer{URL: w.Issuer, Keys: w.Keys, Algorithm: w.Algorithm}
	}
	return auth.Issuer{URL: w.Issuer, ApplicationID: w.Audience, Algorithm: w.Algorithm}
}
