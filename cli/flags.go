package cli

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"

	"convexgateway/auth/clerk"
	"convexgateway/auth/nats"
	"convexgateway/cli/doctor"
	"convexgateway/server"
)

// defaults are the defaults of flags that other packages define.
var defaults = map[string]string{
	"maxRequestBytes": strconv.Itoa(server.DefaultMaxRequestBytes), "clerkAPIURL": clerk.DefaultAPIURL,
	"natsSubject": nats.DefaultSubject, "quiet": doctor.DefaultQuiet.String(),
}

// runFlags are the flags of the commands that run a gateway.
type runFlags struct {
	gatewayFlags
	replicaFlags
	logFlags
	printFlag
}

// run calls serve with the Config of the flags, and with the log, the traces and the exchange that they ask for. These are
// closed when serve has returned.
func (f *runFlags) run(rc runContext, serve func(server.Config) error) error {
	cfg := f.config()
	logger, flush := f.logger(rc.stderr)
	defer flush()
	cfg.Logger, cfg.Settings, cfg.Build = logger, settingsOf(rc.parsed), build()
	stopTracing, err := startTracing(rc.ctx, &cfg)
	if err != nil {
		return usageError{err}
	}
	defer stopTracing()
	leave, err := f.join(&cfg)
	if err != nil {
		return usageError{err}
	}
	defer leave()
	return serve(cfg)
}

// gatewayFlags are the flags of a gateway. A flag has the name of its field in server.Config, and the same unit; but 0 is a
// value like any other, where in a Config it is the default. Keys are in the Config once they are validated.
type gatewayFlags struct {
	addressFlags
	operatorFlags
	accessFlags
	browserFlags
	keyFlags
	contractFlags
	serviceFlags
	limitFlags
	recordFlags
}

// config returns the flags as a Config.
func (f *gatewayFlags) config() server.Config {
	var c server.Config
	for _, flags := range []interface{ set(*server.Config) }{&f.addressFlags, &f.operatorFlags, &f.accessFlags, &f.browserFlags, &f.keyFlags, &f.contractFlags, &f.serviceFlags, &f.limitFlags, &f.recordFlags} {
		flags.set(&c)
	}
	return c
}

// Validate implements kong's hook, which puts the command's name before the error.
func (f *gatewayFlags) Validate() error {
	for _, check := range []func() error{f.addressFlags.check, f.limitFlags.check, f.keyFlags.read, f.serviceFlags.read, f.readToken, f.validate} {
		if err := check(); err != nil {
			return byFlags(err)
		}
	}
	return nil
}

// validate checks the Config of the flags as they are now.
func (f *gatewayFlags) validate() error { return f.config().Validate() }

// byFlags returns a *server.ConfigError with the names of flags in place of those of fields, and other errors as they are.
func byFlags(err error) error {
	if e, is := errors.AsType[*server.ConfigError](err); is {
		return &server.ConfigError{Field: flagNames(e.Field), Err: e.Err, Other: flagNames(e.Other)}
	}
	return err
}

// flagNames replaces the names of fields in a list of them.
func flagNames(fields string) string {
	return fieldName.ReplaceAllStringFunc(fields, func(field string) string {
		if flag, other := upstreamFlags[field]; other {
			return flag
		}
		if f, found := reflect.TypeFor[gatewayFlags]().FieldByName(field); found {
			return "--" + f.Tag.Get("name")
		}
		return field
	})
}

var fieldName = regexp.MustCompile(`[A-Z]\w*`)

// upstreamFlags are the flags of server.Upstream's fields.
var upstreamFlags = map[string]string{
	"ConvexURL": "--convex-url", "Issuers": "--clerk-issuer", "OtherIssuers": "--trusted-issuers",
	"ClerkPublicKey": "--clerk-jwt-key", "ClerkSecretKey": "--clerk-secret-key (CLERK_SECRET_KEY)",
	"ClerkAPIURL": "--clerk-api-url", "WebhookSecrets": "--clerk-webhook-secret",
	"ClerkInstanceIDs": "--clerk-instance-id",
}

// secret is the text of a flag that no output shows.
type secret string

// Format keeps the text out of logs, for every verb.
func (secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("secret")) }

// MarshalText keeps it out of JSON.
func (secret) MarshalText() ([]byte, error) { return []byte("secret"), nil }
