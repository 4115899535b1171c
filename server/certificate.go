package server

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// keyPair is the certificate and key of gRPC and REST. It is read again when its files have changed, so that a renewal needs no
// restart. Safe for concurrent use.
type keyPair struct {
	certFile, keyFile string
	logger            *slog.Logger

	mu       sync.Mutex
	pair     *tls.Certificate
	modified modTimes  // of pair
	checked  time.Time // when the files were last looked up
}

// modTimes are the modification times of the files.
type modTimes struct{ cert, key time.Time }

// keyPairCheck is how long a pair is used before its files are checked for a change.
const keyPairCheck = 5 * time.Second

// newKeyPair reads the pair for the first time.
func newKeyPair(certFile, keyFile string, logger *slog.Logger) (*keyPair, error) {
	c := &keyPair{certFile: certFile, keyFile: keyFile, logger: logger}
	modified, err := c.stat()
	if err != nil {
		return nil, err
	}
	return c, c.read(modified)
}

// get is [tls.Config.GetCertificate]. If the pair cannot be read again, the old one stays in use.
func (c *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.checked) < keyPairCheck {
		return c.pair, nil
	}
	c.checked = time.Now()
	modified, err := c.stat()
	if err == nil && modified != c.modified {
		if err = c.read(modified); err == nil {
			c.logger.Info("the certificate was read again")
		}
	}
	if err != nil {
		c.logger.Error("the certificate cannot be read again, and the old one stays in use", "error", err)
	}
	return c.pair, nil
}

func (c *keyPair) stat() (modTimes, error) {
	cert, err := os.Stat(c.certFile)
	if err != nil {
		return modTimes{}, err
	}
	key, err := os.Stat(c.keyFile)
	if err != nil {
		return modTimes{}, err
	}
	return modTimes{cert.ModTime(), key.ModTime()}, nil
}

// read reads the files, which were modified at these times. The caller holds mu, or is newKeyPair.
func (c *keyPair) read(modified modTimes) error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.pair, c.modified, c.checked = &pair, modified, time.Now()
	return nil
}

// loadCertificate makes the TLS settings of gRPC and REST, if there is a certificate.
func (s *Server) loadCertificate() error {
	if s.cfg.TLSCert == "" {
		return nil
	}
	pair, err := newKeyPair(s.cfg.TLSCert, s.cfg.TLSKey, s.logger)
	if err != nil {
		return &ConfigError{Field: "TLSCert and TLSKey", Err: err}
	}
	s.tls = &tls.Config{GetCertificate: pair.get, MinVersion: tls.VersionTLS12}
	if s.cfg.TLSClientCA == "" {
		return nil
	}
	if s.tls.ClientCAs, err = clientCertificates(s.cfg.TLSClientCA); err != nil {
		return &ConfigError{Field: "TLSClientCA", Err: err}
	}
	s.tls.ClientAuth = tls.RequireAndVerifyClientCert
	return nil
}

// clientCertificates reads the certificates of the authorities that sign clients' certificates.
func clientCertificates(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file) //nolint:gosec // named by the gateway's own configuration
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no PEM certificate", file)
	}
	return pool, nil
}
