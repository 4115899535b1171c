package nats

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
)

// DefaultSubject is the default of Config.Subject.
const DefaultSubject = "convexgateway"

// Config configures an [Exchange]. Only URL is required.
type Config struct {
	// URL is one server or several, with commas between: nats://, tls://, ws:// or wss://, with user and password or a token if
	// need be.
	URL string
	// CredsFile is a file with a user's JWT and key, as nsc writes it.
	CredsFile string
	// Subject is the first part of the subjects used: all are <Subject>.*. Default DefaultSubject.
	Subject string
	// Keys have 32 bytes and are the same on all replicas: the first seals the notices, all open them. Empty: notices are JSON in plain
	// text, tokens included.
	Keys [][]byte
	// RequestIDs is a fingerprint of the secret of request ids. It is compared with that of other replicas, as fingerprints of Keys are,
	// and a difference is logged. nil: there is no secret.
	RequestIDs []byte
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// validate returns the first bad setting, by the name of its flag.
func (c Config) validate() error {
	for server := range strings.SplitSeq(c.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		if err != nil || u.Host == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
			return errors.New("--nats-url: must be nats://host:4222, or with tls, ws or wss; several with commas between")
		}
	}
	if strings.ContainsAny(c.Subject, "*> \t\r\n") || slices.Contains(strings.Split(c.Subject, "."), "") {
		return fmt.Errorf("--nats-subject: %q must be names with dots between, without * and >", c.Subject)
	}
	if c.CredsFile != "" {
		if _, err := os.Stat(c.CredsFile); err != nil {
			return fmt.Errorf("--nats-creds: %w", err)
		}
	}
	return nil
}

// credentials are those that are not in the URL.
func (c Config) credentials() (options []nats.Option) {
	if c.CredsFile != "" {
		options = append(options, nats.UserCredentials(c.CredsFile))
	}
	return options
}
