package doctor

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"

	"convexgateway/auth"
)

// Bounds of the clock: beyond maxSkew fresh tokens are refused as not yet valid.
const (
	maxSkew     = 5 * time.Second
	noticedSkew = 2 * time.Second
)

// clock compares this machine's clock with those of the deployment and the issuers, by their Date headers.
func (r *runner) clock(ctx context.Context) Finding {
	sources := []string{strings.TrimRight(r.ConvexURL, "/") + "/version"}
	for _, issuer := range r.Issuers {
		sources = append(sources, strings.TrimRight(issuer, "/")+"/.well-known/openid-configuration")
	}
	seen, worst := 0, time.Duration(0)
	for _, source := range sources {
		skew, err := r.skew(ctx, source)
		if err != nil {
			continue
		}
		seen++
		if skew.Abs() > worst.Abs() {
			worst = skew
		}
	}
	const fix = "have this machine's clock set over the network (NTP, chrony): tokens live for 60 s"
	text := fmt.Sprintf("%.0f s off, by the Date of %d servers", worst.Seconds(), seen)
	switch {
	case seen == 0:
		return warn("no server sent the time", "make the deployment reachable first")
	case worst.Abs() > maxSkew:
		return fail(text, fix)
	case worst.Abs() > noticedSkew:
		return warn(text, fix)
	}
	return ok(text)
}

// skew returns how far this machine's clock is ahead of a server's.
func (r *runner) skew(ctx context.Context, source string) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, source, nil)
	if err != nil {
		return 0, err
	}
	sent, started := r.Now(), time.Now()
	resp, err := r.client.Do(req)
	if err != nil {
		return 0, err
	}
	resp.Body.Close()
	return auth.ClockAhead(resp.Header, sent.Add(time.Since(started)/2))
}

// expirySoon is how long before its end a certificate should have been replaced.
const expirySoon = 14 * 24 * time.Hour

// tlsFiles reads the certificate and its key as the gateway does.
func (r *runner) tlsFiles(context.Context) Finding {
	if r.TLSCert == "" && r.TLSKey == "" {
		return skip("none: both ports are plain text")
	}
	const fix = "give a PEM certificate chain as --tls-cert, the server's own first, and its key as --tls-key"
	pair, err := tls.LoadX509KeyPair(r.TLSCert, r.TLSKey)
	if err != nil {
		return fail(err.Error(), fix)
	}
	if r.TLSClientCA != "" {
		text, err := os.ReadFile(r.TLSClientCA)
		if err != nil || !x509.NewCertPool().AppendCertsFromPEM(text) {
			return fail("no certificates in "+r.TLSClientCA, "give the PEM certificates that sign those of clients as --tls-client-ca")
		}
	}
	leaf, until := pair.Leaf, pair.Leaf.NotAfter
	names := strings.Join(append(leaf.DNSNames, ipNames(leaf)...), ", ")
	text := fmt.Sprintf("for %s, until %s", names, until.UTC().Format(time.DateOnly))
	switch now := r.Now(); {
	case now.Before(leaf.NotBefore):
		return fail("not valid before "+leaf.NotBefore.UTC().Format(time.RFC3339), "wait, or see to the clock")
	case now.After(until):
		return fail("expired: "+text, "renew the certificate")
	case names == "":
		return fail("for no host name", "have a certificate made for the gateway's public name")
	case until.Sub(now) < expirySoon:
		return warn("expires soon: "+text, "renew the certificate")
	}
	return ok(text)
}

func ipNames(c *x509.Certificate) (names []string) {
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// port listens on an address for a moment. One that is taken is right if a gateway answers there.
func (r *runner) port(ctx context.Context, flag, address string, isGateway func(context.Context, string) bool) Finding {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	switch {
	case err == nil:
		_ = listener.Close()
		return ok(address + " is free")
	case errors.Is(err, syscall.EADDRINUSE) && r.TLSClientCA != "" && flag != "--admin-addr":
		return warn(address+" is taken, by whom could not be asked", "none if it is the gateway: with --tls-client-ca it answers nobody without a certificate")
	case errors.Is(err, syscall.EADDRINUSE) && isGateway(ctx, address):
		return ok(address + ": a gateway is running there")
	case errors.Is(err, syscall.EADDRINUSE):
		return fail(address+" is taken by another program", "stop it, or choose another "+flag)
	}
	return fail(err.Error(), "choose another "+flag)
}

func (r *runner) restPort(ctx context.Context) Finding {
	return r.port(ctx, "--http-addr", r.HTTPAddr, r.answersHealthz)
}

func (r *runner) grpcPort(ctx context.Context) Finding {
	if r.GRPCAddr == r.HTTPAddr && !strings.HasSuffix(r.GRPCAddr, ":0") {
		return ok("shared with REST")
	}
	return r.port(ctx, "--grpc-addr", r.GRPCAddr, r.answersHealth)
}

func (r *runner) adminPort(ctx context.Context) Finding {
	if r.AdminAddr == "" {
		return skip("none")
	}
	f := r.port(ctx, "--admin-addr", r.AdminAddr, r.answersMetrics)
	if f.Status == Fail && r.AdminOptional {
		f.Status = Warn // the gateway starts without it
	}
	return f
}

// insecureTransport accepts any certificate, because the only question is whether a gateway answers.
func insecureTransport() *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12} //nolint:gosec // nothing secret is sent
}

func (r *runner) answersHealthz(ctx context.Context, address string) bool {
	scheme := "http"
	if r.TLSCert != "" {
		scheme = "https"
	}
	return firstLine(ctx, &http.Transport{TLSClientConfig: insecureTransport()}, scheme+"://"+address+"/healthz") == "ok"
}

func (r *runner) answersMetrics(ctx context.Context, address string) bool {
	scheme := "http"
	if r.AdminTLSCert != "" {
		scheme = "https"
	}
	return strings.Contains(firstLine(ctx, &http.Transport{TLSClientConfig: insecureTransport()}, scheme+"://"+address+"/metrics"), "convexgateway_")
}

func (r *runner) answersHealth(ctx context.Context, address string) bool {
	creds := insecure.NewCredentials()
	if r.TLSCert != "" {
		creds = credentials.NewTLS(insecureTransport())
	}
	conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(creds))
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_, err = grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: "convexgateway.v1.FunctionService"})
	return err == nil
}

// firstLine returns the first line of a response's body, or "" if there is none.
func firstLine(ctx context.Context, transport *http.Transport, url string) string {
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return ""
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	line, _, _ := bufio.NewReaderSize(resp.Body, 4<<10).ReadLine()
	return string(line)
}
