package service

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"convexgateway/auth"
	"convexgateway/internal/expiring"
	"convexgateway/internal/glob"
)

// table is a services file that was read: its services by what proves them. It does not change.
type table struct {
	keys         map[keyHash]*entry
	certificates map[string]*entry
	workloads    map[workloadKind][]workload
	subjects     map[string]*entry // by the subject of the service
	issuers      []auth.Issuer     // of workloads
	minted       *expiring.Map[mintedKey, *auth.Identity]
}

// entry is a service of a table.
type entry struct {
	name        string
	rules       Rules
	fingerprint [sha256.Size]byte
}

// workloadKind is what decides how a token is verified.
type workloadKind struct{ issuer, audience string }

// workload is a pattern of subjects, and whose they are.
type workload struct {
	subject string
	entry   *entry
}

const maxMinted = 10_000

// newTable makes a table of entries that were checked. An error is that two services have the same key, certificate or kind of token, or of an
// issuer's settings.
func newTable(entries []Entry, ownIssuer string) (*table, error) {
	t := &table{
		keys: map[keyHash]*entry{}, certificates: map[string]*entry{}, workloads: map[workloadKind][]workload{},
		subjects: map[string]*entry{}, minted: expiring.New[mintedKey, *auth.Identity](maxMinted),
	}
	for _, e := range entries {
		if err := t.add(e, ownIssuer); err != nil {
			return nil, fmt.Errorf("service %q: %w", e.Name, err)
		}
	}
	return t, nil
}

func (t *table) add(e Entry, ownIssuer string) error {
	s := &entry{e.Name, e.Rules, e.fingerprint()}
	t.subjects[auth.ServiceSubject(e.Name)] = s
	for i, text := range e.Keys {
		hash, err := parseKeyHash(text)
		if err != nil {
			return fmt.Errorf("key %d is %w", i+1, err)
		}
		if t.keys[hash] != nil {
			return fmt.Errorf("key %d is there twice", i+1)
		}
		t.keys[hash] = s
	}
	for _, text := range e.Certificates {
		name, err := parseCertificateName(text)
		if err != nil {
			return err
		}
		if t.certificates[name] != nil {
			return fmt.Errorf("certificate %s is there twice", name)
		}
		t.certificates[name] = s
	}
	for _, w := range e.Tokens {
		if SameIssuer(w.Issuer, ownIssuer) {
			return fmt.Errorf("tokens: %s is the gateway's own issuer, whose tokens are no credentials", w.Issuer)
		}
		kind := workloadKind{w.Issuer, w.Audience}
		t.workloads[kind] = append(t.workloads[kind], workload{w.Subject, s})
		if issuer := w.issuer(); !slices.Contains(t.issuers, issuer) {
			t.issuers = append(t.issuers, issuer)
		}
	}
	return nil
}

// SameIssuer reports whether a deployment takes two issuers for one: it ignores slashes at their ends
// (get-convex/convex-backend crates/authentication/src/lib.rs).
func SameIssuer(a, b string) bool { return strings.TrimRight(a, "/") == strings.TrimRight(b, "/") }

// source is what a service has proved itself by. It is comparable.
type source interface {
	// find returns its service; nil if there is none, or more than one.
	find(t *table) *entry
}

func (hash keyHash) find(t *table) *entry { return t.keys[hash] }

// certificateNames are the names of a certificate, with spaces between, which none of them has.
type certificateNames string

// namesOf returns the names of a certificate by which services are found: its SPIFFE id, of which a certificate has one at most (SPIFFE
// X.509-SVID, 2), and its DNS names.
func namesOf(cert *x509.Certificate) certificateNames {
	var names []string
	if len(cert.URIs) == 1 && cert.URIs[0].Scheme == "spiffe" {
		names = append(names, cert.URIs[0].String())
	}
	for _, host := range cert.DNSNames {
		names = append(names, dnsName(host))
	}
	return certificateNames(strings.Join(names, " "))
}

func (names certificateNames) find(t *table) *entry { return only(names.services(t)) }

// services returns the services that the certificate names.
func (names certificateNames) services(t *table) (found []*entry) {
	for name := range strings.SplitSeq(string(names), " ") {
		if s := t.certificates[name]; s != nil && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	return found
}

// only returns the one service of a list; nil if there is none, or more than one.
func only(services []*entry) *entry {
	if len(services) != 1 {
		return nil
	}
	return services[0]
}

// workloadToken is a token whose issuer has signed it.
type workloadToken struct {
	workloadKind
	subject string
}

func (w workloadToken) find(t *table) *entry {
	var found []*entry
	for _, candidate := range t.workloads[w.workloadKind] {
		if glob.Match(candidate.subject, w.subject) && !slices.Contains(found, candidate.entry) {
			found = append(found, candidate.entry)
		}
	}
	return only(found)
}
