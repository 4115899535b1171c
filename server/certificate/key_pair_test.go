package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// writePair writes a new self-signed pair of a name into files that were modified at a time.
func writePair(t *testing.T, certFile, keyFile, name string, modified time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
}

// A renewed certificate is used without a restart; a broken one is not.
func TestKeyPairIsReadAgain(t *testing.T) {
	t.Parallel()
	certFile, keyFile := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	now := time.Now()
	writePair(t, certFile, keyFile, "first", now)
	var log bytes.Buffer
	pair, err := Load(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	name := func() string {
		t.Helper()
		cert, err := pair.Get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return cert.Leaf.Subject.CommonName
	}
	writePair(t, certFile, keyFile, "second", now.Add(time.Minute))
	if got := name(); got != "first" {
		t.Errorf("the files are read each time: %s", got)
	}
	pair.checked = time.Time{}
	if got := name(); got != "second" {
		t.Errorf("still %s", got)
	}
	if err := os.WriteFile(keyFile, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	pair.checked = time.Time{}
	if got := name(); got != "second" || !strings.Contains(log.String(), "cannot be read again") {
		t.Errorf("with a broken key: %s, log %s", got, log.String())
	}
}

// A file without a certificate is no authority.
func TestAuthorities(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ca.pem")
	for _, text := range []string{"", "nonsense"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Authorities(file); err == nil {
			t.Errorf("%q is an authority", text)
		}
	}
	writePair(t, file, filepath.Join(t.TempDir(), "key.pem"), "ca", time.Now())
	if _, err := Authorities(file); err != nil {
		t.Error(err)
	}
	if _, err := Authorities(file + ".none"); err == nil {
		t.Error("a file that does not exist is an authority")
	}
}
