package server

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"convexgateway/convex"
	"convexgateway/server/admin"
	"convexgateway/server/live"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// ConfigError is a setting with which no gateway can be made. Validate and New return it.
type ConfigError struct {
	Field string // of Config or Upstream, or several: "TLSCert and TLSKey"
	Err   error
	Other string // other fields, with which Err's text goes on; empty if there are none: "needs" TLSCert
}

// Error implements error. It has the names of fields as they are in Go.
func (e *ConfigError) Error() string {
	text := e.Field + ": " + e.Err.Error()
	if e.Other != "" {
		text += " " + e.Other
	}
	return text
}

// Unwrap returns the cause.
func (e *ConfigError) Unwrap() error { return e.Err }

// invalid returns a ConfigError with a text, which the names of other fields may follow.
func invalid(field, text string, other ...string) error {
	return &ConfigError{Field: field, Err: errors.New(text), Other: strings.Join(other, " and ")}
}

// Validate returns a *ConfigError for the first invalid setting. It opens no file and no port.
func (c Config) Validate() error {
	c = c.Resolved()
	for _, check := range []func() error{c.checkAddresses, c.checkOrigins, c.checkPublicFunctions, c.checkKeys, c.checkTLS, c.checkServices, c.checkLimits, c.checkRecords} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkAddresses() error {
	for _, addr := range []struct{ field, value string }{
		{"GRPCAddr", c.GRPCAddr}, {"HTTPAddr", c.HTTPAddr}, {"AdminAddr", c.AdminAddr}, {"PprofAddr", c.PprofAddr},
	} {
		if (addr.field == "AdminAddr" || addr.field == "PprofAddr") && addr.value == "" {
			continue
		}
		if _, _, err := net.SplitHostPort(addr.value); err != nil {
			return &ConfigError{Field: addr.field, Err: fmt.Errorf("%q is not host:port", addr.value)}
		}
	}
	return nil
}

func (c Config) checkOrigins() error {
	for _, party := range c.AuthorizedParties {
		if !strings.Contains(party, "://") {
			return &ConfigError{Field: "AuthorizedParties", Err: fmt.Errorf("%q is not an origin (https://host)", party)}
		}
	}
	for _, origin := range c.AllowedOrigins {
		if err := rest.CheckOrigin(origin); err != nil {
			return &ConfigError{Field: "AllowedOrigins", Err: err}
		}
	}
	for _, name := range c.AllowedHosts {
		if err := rest.CheckHostName(name); err != nil {
			return &ConfigError{Field: "AllowedHosts", Err: err}
		}
	}
	for _, name := range c.AllowedHeaders {
		if err := rest.CheckHeader(name); err != nil {
			return &ConfigError{Field: "AllowedHeaders", Err: err}
		}
	}
	return nil
}

func (c Config) checkPublicFunctions() error {
	if _, err := convex.ParsePathPatterns(c.PublicFunctions); err != nil {
		return &ConfigError{Field: "PublicFunctions", Err: err}
	}
	return nil
}

func (c Config) checkKeys() error {
	if err := c.ClusterKeys.Check(); err != nil {
		return &ConfigError{Field: "ClusterKeys", Err: err}
	}
	if _, err := c.RequestIDKey.Bytes(); err != nil {
		return &ConfigError{Field: "RequestIDKey", Err: err}
	}
	return nil
}

func (c Config) checkRecords() error {
	if !c.LogIdentity.Valid() {
		return invalid("LogIdentity", "must be full, hash or off")
	}
	if _, err := rpc.ParseSample(c.LogCalls); err != nil {
		return &ConfigError{Field: "LogCalls", Err: err}
	}
	return nil
}

func (c Config) checkTLS() error {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return invalid("TLSCert and TLSKey", "one is set without the other")
	case (c.AdminTLSCert == "") != (c.AdminTLSKey == ""):
		return invalid("AdminTLSCert and AdminTLSKey", "one is set without the other")
	case c.AdminClientCA != "" && c.AdminTLSCert == "":
		return invalid("AdminClientCA", "needs", "AdminTLSCert", "AdminTLSKey")
	case c.AdminToken != "" && !admin.ValidToken(c.AdminToken):
		return invalid("AdminToken", "must have 22 to 1024 characters")
	case c.TLSClientCA != "" && c.TLSCert == "":
		return invalid("TLSClientCA", "needs", "TLSCert", "TLSKey")
	case c.TLSClientAuth != "" && c.TLSClientAuth != RequireClientAuth && c.TLSClientAuth != OptionalClientAuth:
		return invalid("TLSClientAuth", "must be require or optional")
	case c.TLSClientAuth == OptionalClientAuth && c.TLSClientCA == "":
		return invalid("TLSClientAuth", "needs", "TLSClientCA")
	}
	return nil
}

func (c Config) checkServices() error {
	named := c.Services != "" || c.ServicesText != nil
	switch {
	case named && (c.ServiceIssuer == "" || len(c.ServiceIssuerKeys) == 0):
		return invalid("Services", "needs", "ServiceIssuer", "ServiceIssuerKeys")
	case !named && c.ServiceIssuer != "":
		return invalid("ServiceIssuer", "needs", "Services")
	}
	return nil
}

func (c Config) checkLimits() error {
	switch {
	case c.MaxRequestBytes < 1<<10:
		return invalid("MaxRequestBytes", "must be at least 1024")
	case c.RefreshGrace > 30*time.Second:
		return invalid("RefreshGrace", "must be from 0s to 30s")
	case !live.ValidHeartbeat(c.Heartbeat):
		return invalid("Heartbeat", "must be from 5s to 5m, or 0s for none")
	case c.FailFastAfter < 0:
		return invalid("FailFastAfter", "must be positive")
	case c.MaxReadWait < 0:
		return invalid("MaxReadWait", "must be positive")
	case c.KeyedMutations != "" && c.KeyedMutations != SharedSockets && c.KeyedMutations != DedicatedSockets:
		return invalid("KeyedMutations", "must be shared or dedicated")
	case c.MutationSockets < 0:
		return invalid("MutationSockets", "must be positive")
	case c.UpstreamPatience < 0:
		return invalid("UpstreamPatience", "must be positive")
	case c.DrainTimeout < 0:
		return invalid("DrainTimeout", "must be positive")
	case c.DrainPeriod >= c.DrainTimeout:
		return invalid("DrainPeriod", "must be shorter than", "DrainTimeout")
	}
	return nil
}
