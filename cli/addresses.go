package cli

import (
	"fmt"

	"convexgateway/server"
)

// addressFlags are the ports of a gateway, and how they are served.
type addressFlags struct {
	GRPCAddr      string `name:"grpc-addr" default:"127.0.0.1:50051" group:"Addresses" help:"Where gRPC is served. Port 0 picks a free one."`
	HTTPAddr      string `name:"http-addr" default:"127.0.0.1:8080" group:"Addresses" help:"Where REST is served. The same as --grpc-addr: both share one port."`
	AdminAddr     string `name:"admin-addr" placeholder:"HOST:PORT" group:"Addresses" help:"Where metrics (/metrics) are served, without a lock, and the commands of operators. By default 127.0.0.1:9090 if that is free, and in dev any free port; off: nowhere."`
	PprofAddr     string `name:"pprof-addr" placeholder:"HOST:PORT" group:"Addresses" help:"Where profiles (/debug/pprof) are served, without a lock: a loopback address. By default nowhere."`
	TLSCert       string `name:"tls-cert" placeholder:"FILE" group:"Addresses" help:"PEM certificate chain for both ports, read again when it changes. Without it both are plain text."`
	TLSClientCA   string `name:"tls-client-ca" placeholder:"FILE" group:"Addresses" help:"PEM certificates that must have signed those of clients. Without it clients need none."`
	TLSClientAuth string `name:"tls-client-auth" enum:"require,optional" default:"require" group:"Addresses" help:"With --tls-client-ca: require refuses clients without a certificate; optional accepts them, and verifies a certificate that is sent."`
	TLSKey        string `name:"tls-key" placeholder:"FILE" group:"Addresses" help:"PEM private key of --tls-cert."`
	Console       bool   `name:"console" group:"Addresses" help:"Serve the console, a page that runs functions and follows queries, at / of REST. dev always does."`

	adminOptional bool // AdminAddr is a default of serve
}

// noAdmin, as --admin-addr, means that there is no admin port.
const noAdmin = "off"

// set copies the flags into a Config.
func (f *addressFlags) set(c *server.Config) {
	c.GRPCAddr, c.HTTPAddr = f.GRPCAddr, f.HTTPAddr
	if f.AdminAddr != noAdmin {
		c.AdminAddr, c.AdminOptional = f.AdminAddr, f.adminOptional
	}
	c.PprofAddr = f.PprofAddr
	c.TLSCert, c.TLSClientCA, c.TLSClientAuth, c.TLSKey = f.TLSCert, f.TLSClientCA, f.TLSClientAuth, f.TLSKey
	c.Console = f.Console
}

// check refuses an empty address, which in a Config is the default.
func (f *addressFlags) check() error {
	for _, addr := range []struct{ field, value string }{{"GRPCAddr", f.GRPCAddr}, {"HTTPAddr", f.HTTPAddr}} {
		if addr.value == "" {
			return &server.ConfigError{Field: addr.field, Err: fmt.Errorf("%q is not host:port", addr.value)}
		}
	}
	return nil
}

// browserFlags say which pages may call, and under which names.
type browserFlags struct {
	AllowedOrigins []string `name:"allowed-origins" placeholder:"ORIGIN" group:"Browsers" help:"Origins whose pages may call from a browser. By default none; in dev, those of loopback hosts."`
	AllowedHeaders []string `name:"allowed-headers" placeholder:"HEADER" group:"Browsers" help:"Headers that pages of these origins may send, besides those that the gateway and common libraries for tracing use."`
	AllowedHosts   []string `name:"allowed-hosts" placeholder:"HOST" group:"Browsers" help:"Names under which REST may be called, besides addresses and names of this machine, without ports. By default any; in dev, none. They hold for the admin port, too, if it is on a loopback address."`
}

// set copies the flags into a Config.
func (f *browserFlags) set(c *server.Config) {
	c.AllowedOrigins, c.AllowedHeaders, c.AllowedHosts = f.AllowedOrigins, f.AllowedHeaders, f.AllowedHosts
}
