package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// KeyPair is a certificate and its key. It is read again when its files have changed, so that a renewal needs no restart. Safe for
// concurrent use.
type KeyPair struct {
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

// Load reads a pair of PEM files for the first time.
func Load(certFile, keyFile string, logger *slog.Logger) (*KeyPair, error) {
	c := &KeyPair{certFile: certFile, keyFile: keyFile, logger: logger}
	modified, err := c.stat()
	if err != nil {
		return nil, err
	}
	return c, c.read(modified)
}

// Get is [tls.Config.GetCertificate]. If the pair cannot be read again, the old one stays in use.
func (c *KeyPair) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.checked) >= keyPairCheck {
		c.readAgain(false)
	}
	return c.pair, nil
}

// Reload reads the pair again at once, whether or not its files look changed.
func (c *KeyPair) Reload() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readAgain(true)
}

// readAgain reads the files again if they have changed, or if it must. The caller holds mu.
func (c *KeyPair) readAgain(must bool) {
	c.checked = time.Now()
	modified, err := c.stat()
	if err == nil && (must || modified != c.modified) {
		if err = c.read(modified); err == nil {
			c.logger.Info("the certificate was read again")
		}
	}
	if err != nil {
		c.logger.Error("the certificate cannot be read again, and the old one stays in use", "error", err)
	}
}

func (c *KeyPair) stat() (modTimes, error) {
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

// read reads the files, which were modified at these times. The caller holds mu, or is Load.
func (c *KeyPair) read(modified modTimes) error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.pair, c.modified, c.checked = &pair, modified, time.Now()
	return nil
}

// Authorities reads a PEM file of the authorities that sign clients' certificates.
func Authorities(file string) (*x509.CertPool, error) {
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
