package server

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

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
