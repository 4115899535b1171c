package server

import (
	"context"
	"log/slog"

	"convexgateway/server/audit"
	"convexgateway/server/rpc"
)

// Names returns how logs and spans name callers. Hashes have a key that follows from the one of request ids, so that replicas have the same,
// and that a user's lines are found in the logs of all; without one, a random key.
func (c Config) Names() (*audit.Names, error) {
	c = c.Resolved()
	key, field := c.requestIDRoot()
	secret, err := key.Derive("convexgateway names in logs")
	if err != nil {
		return nil, &ConfigError{Field: field, Err: err}
	}
	return audit.NewNames(c.LogIdentity, secret), nil
}

// newRecords makes what writes the lines of calls, and the audit lines.
func (s *Server) newRecords() error {
	names, err := s.cfg.Names()
	if err != nil {
		return err
	}
	sample, err := rpc.ParseSample(s.cfg.LogCalls)
	if err != nil {
		return &ConfigError{Field: "LogCalls", Err: err}
	}
	s.audit = audit.New(s.logger, names)
	s.closers.addFunc("audit", s.audit.Close)
	s.calls = &rpc.CallLog{Logger: s.logger, Refusals: s.limits.Refusals, Sample: sample, Audit: s.audit}
	return nil
}

// auditStart writes the audit line of the start.
func (s *Server) auditStart() {
	attrs := []slog.Attr{
		slog.String("version", s.cfg.Build.Version), slog.String("commit", s.cfg.Build.Commit), slog.String("deployment", s.up.ConvexURL),
		slog.Any("issuers", s.up.Issuers),
	}
	if len(s.cfg.Settings) > 0 {
		attrs = append(attrs, slog.GroupAttrs("settings", s.cfg.Settings...))
	}
	s.audit.Write(context.Background(), audit.Start, attrs...)
}

// auditDrain writes the audit line of the drain's begin.
func (s *Server) auditDrain() {
	s.audit.Write(context.Background(), audit.Drain,
		slog.Int("streams", s.limits.Streams.Taken()), slog.Int("calls", s.limits.Unary.Taken()), slog.Duration("within", s.cfg.DrainTimeout))
}

// auditReload writes the audit line of what was read again, and why it could not be.
func (s *Server) auditReload(of string, err error) {
	attrs := []slog.Attr{slog.String("of", of), slog.Bool("ok", err == nil)}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	s.audit.Write(context.Background(), audit.Reload, attrs...)
}
