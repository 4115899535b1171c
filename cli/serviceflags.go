package cli

import (
	"fmt"
	"os"

	"convexgateway/auth/service"
	"convexgateway/server"
)

// serviceIssuerFlags are the issuer of the tokens that the gateway makes for services.
type serviceIssuerFlags struct {
	ServiceIssuer     string   `name:"service-issuer" placeholder:"URL" group:"Services" help:"The issuer of the tokens that the gateway makes for services: a URL of your own, which need not be served. auth.config.ts of the deployment names it; see services auth-config."`
	ServiceIssuerKeys []string `name:"service-issuer-key-file" placeholder:"FILE" group:"Services" help:"Private key in PEM (ECDSA, P-256) that signs these tokens, the same on all replicas; services issuer-key makes one. Several may be given while one replaces another: the first signs."`
}

// keys reads the files.
func (f *serviceIssuerFlags) keys() (keys []service.PrivateKey, err error) {
	for _, file := range f.ServiceIssuerKeys {
		key, err := os.ReadFile(file) //nolint:gosec // the operator's choice
		if err != nil {
			return nil, fmt.Errorf("--service-issuer-key-file: %w", err)
		}
		keys = append(keys, service.PrivateKey(key))
	}
	return keys, nil
}

// serviceFlags say which services may call.
type serviceFlags struct {
	Services string `name:"services" placeholder:"FILE" group:"Services" help:"JSON file that names services, which may call with an API key, a client certificate or a workload token. Read again when it changes, within a second, and on SIGHUP. Needs --service-issuer and --service-issuer-key-file. By default, in dev, one service billing; in serve, none."`
	serviceIssuerFlags

	issuerKeys []service.PrivateKey // what read has found
}

// set copies the flags into a Config.
func (f *serviceFlags) set(c *server.Config) {
	c.Services, c.ServiceIssuer, c.ServiceIssuerKeys = f.Services, f.ServiceIssuer, f.issuerKeys
}

// read reads the keys.
func (f *serviceFlags) read() (err error) {
	f.issuerKeys, err = f.keys()
	return err
}
