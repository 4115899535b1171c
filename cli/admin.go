package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// adminCommand speaks to the admin port of a gateway that runs.
type adminCommand struct {
	Streams    adminStreams    `cmd:"" help:"List the open streams of one replica, a JSON object a line, and last how many there are."`
	Disconnect adminDisconnect `cmd:"" help:"End the streams, on all replicas, to which all that is given applies. Their clients connect again."`
	Block      adminBlock      `cmd:"" help:"Refuse a function on all replicas for a time, and end its streams: UNAVAILABLE FUNCTION_BLOCKED."`
	Unblock    adminUnblock    `cmd:"" help:"End the block of a function, on all replicas."`
	Blocks     adminBlocks     `cmd:"" help:"List the functions that are blocked."`
	Drain      adminDrain      `cmd:"" help:"Have one replica stop as on SIGTERM: it is not ready, ends its streams spread over time, and exits."`

	URL       string `name:"url" group:"Operators" env:"CONVEXGATEWAY_ADMIN_URL" default:"http://127.0.0.1:9090" help:"The admin port of a replica."`
	Token     secret `name:"admin-token" group:"Operators" placeholder:"TOKEN" help:"What serve has as --admin-token."`
	TokenFile string `name:"admin-token-file" group:"Operators" placeholder:"FILE" help:"File with what --admin-token would be."`
	CA        string `name:"ca" group:"Operators" env:"CONVEXGATEWAY_ADMIN_CA" placeholder:"FILE" help:"PEM certificates that must have signed that of the admin port. By default those of the system."`
	Cert      string `name:"cert" group:"Operators" env:"CONVEXGATEWAY_ADMIN_CERT" placeholder:"FILE" help:"PEM certificate of an operator."`
	Key       string `name:"key" group:"Operators" env:"CONVEXGATEWAY_ADMIN_KEY" placeholder:"FILE" help:"PEM private key of --cert."`
}

// adminSelection selects streams.
type adminSelection struct {
	Subject string `name:"subject" env:"-" help:"Of this user, by the token's sub claim."`
	Session string `name:"session" env:"-" help:"Of this session, by the token's sid claim."`
	Path    string `name:"path" env:"-" help:"Of this function."`
}

type (
	adminStreams struct {
		adminSelection
		Limit int `name:"limit" env:"-" default:"1000" help:"How many are listed at most; up to 10000."`
	}
	adminDisconnect struct{ adminSelection }
	adminBlock      struct {
		Path string        `arg:"" env:"-" help:"The function, as module:function."`
		For  time.Duration `name:"for" env:"-" default:"1h" help:"For how long, 24h at most."`
	}
	adminUnblock struct {
		Path string `arg:"" env:"-" help:"The function, as module:function."`
	}
	adminBlocks struct{}
	adminDrain  struct{}
)

// Run implements kong's hook.
func (c *adminStreams) Run(rc runContext, a *adminCommand) error {
	query := url.Values{"limit": {fmt.Sprint(c.Limit)}}
	for name, value := range map[string]string{"subject": c.Subject, "session": c.Session, "path": c.Path} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return a.send(rc, http.MethodGet, "streams?"+query.Encode(), nil)
}

// Run implements kong's hook.
func (c *adminDisconnect) Run(rc runContext, a *adminCommand) error {
	return a.send(rc, http.MethodPost, "disconnect", map[string]string{"subject": c.Subject, "session": c.Session, "path": c.Path})
}

// Run implements kong's hook.
func (c *adminBlock) Run(rc runContext, a *adminCommand) error {
	return a.send(rc, http.MethodPost, "block", map[string]string{"path": c.Path, "for": c.For.String()})
}

// Run implements kong's hook.
func (c *adminUnblock) Run(rc runContext, a *adminCommand) error {
	return a.send(rc, http.MethodPost, "unblock", map[string]string{"path": c.Path})
}

// Run implements kong's hook.
func (*adminBlocks) Run(rc runContext, a *adminCommand) error {
	return a.send(rc, http.MethodGet, "blocks", nil)
}

// Run implements kong's hook.
func (*adminDrain) Run(rc runContext, a *adminCommand) error {
	return a.send(rc, http.MethodPost, "drain", map[string]string{})
}

// adminTimeout bounds one command.
const adminTimeout = 2 * time.Minute

// send sends one request, and copies the answer to the standard output.
func (a *adminCommand) send(rc runContext, method, route string, body any) error {
	token, err := flagOrFile("--admin-token", string(a.Token), a.TokenFile)
	if err != nil {
		return usageError{err}
	}
	settings, err := a.tls()
	if err != nil {
		return usageError{err}
	}
	ctx, cancel := context.WithTimeout(rc.ctx, adminTimeout)
	defer cancel()
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(a.URL, "/")+"/admin/v1/"+route, bytes.NewReader(text))
	if err != nil {
		return usageError{fmt.Errorf("--url: %w", err)}
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	transport := &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		refusal, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
		return fmt.Errorf("the admin port answered %s: %s", resp.Status, bytes.TrimSpace(refusal))
	}
	_, err = io.Copy(rc.stdout, resp.Body)
	return err
}

// tls returns the settings of the connection.
func (a *adminCommand) tls() (*tls.Config, error) {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.CA != "" {
		text, err := os.ReadFile(a.CA)
		if err != nil {
			return nil, fmt.Errorf("--ca: %w", err)
		}
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM(text) {
			return nil, errors.New("--ca: the file has no PEM certificate")
		}
	}
	if a.Cert == "" && a.Key == "" {
		return settings, nil
	}
	pair, err := tls.LoadX509KeyPair(a.Cert, a.Key)
	if err != nil {
		return nil, fmt.Errorf("--cert and --key: %w", err)
	}
	settings.Certificates = []tls.Certificate{pair}
	return settings, nil
}
