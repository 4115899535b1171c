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

// keyPair is a certificate and its key, read again when the files have changed, so that a renewal needs no restart. Safe for
// concurrent use.
type keyPair struct {
	certFile, keyFile string
	logger            *slog.Logger

	mu      sync.Mutex
	pair    *tls.Certificate
	stamp   stamp
	checked time.Time
}

// stamp is the version of the files: their modification times.
type stamp struct{ cert, key time.Time }

// keyPairCheck is how long a pair is used before the times of its files are read again.
const keyPairCheck = 5 * time.Second

// newKeyPair reads the pair for the first time.
func newKeyPair(certFile, keyFile string, logger *slog.Logger) (*keyPair, error) {
	c := &keyPair{certFile: certFile, keyFile: keyFile, logger: logger}
	now, err := c.readStamp()
	if err != nil {
		return nil, err
	}
	return c, c.read(now)
}

// get has the form of tls.Config.GetCertificate. If the files cannot be read, it returns the old pair.
func (c *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.checked) < keyPairCheck {
		return c.pair, nil
	}
	c.checked = time.Now()
	now, err := c.readStamp()
	if err == nil && now != c.stamp {
		if err = c.read(now); err == nil {
			c.logger.Info("the certificate was read again")
		}
	}
	if err != nil {
		c.logger.Error("the certificate cannot be read again, and the old one stays in use", "error", err)
	}
	return c.pair, nil
}

func (c *keyPair) readStamp() (stamp, error) {
	cert, err := os.Stat(c.certFile)
	if err != nil {
		return stamp{}, err
	}
	key, err := os.Stat(c.keyFile)
	if err != nil {
		return stamp{}, err
	}
	return stamp{cert.ModTime(), key.ModTime()}, nil
}

func (c *keyPair) read(now stamp) error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.pair, c.stamp, c.checked = &pair, now, time.Now()
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

// clientCertificates reads the certificates of the authorities that sign those of clients.
func clientCertificates(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file) //nolint:gosec // named by the operator
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no PEM certificate", file)
	}
	return pool, nil
}
