package cli

import (
	"errors"
	"fmt"
	"strings"

	"convexgateway/auth/service"
)

// servicesCommand makes what services need.
type servicesCommand struct {
	New        newServiceCommand        `cmd:"" help:"Make an API key for a service, and print it with its entry for the file of --services."`
	IssuerKey  issuerKeyCommand         `cmd:"" name:"issuer-key" help:"Make a private key for --service-issuer-key-file, and print it."`
	AuthConfig serviceAuthConfigCommand `cmd:"" name:"auth-config" help:"Print the provider for auth.config.ts of the deployment, with the public keys of all --service-issuer-key-file."`
}

// newServiceCommand makes an API key.
type newServiceCommand struct {
	Name string `arg:"" help:"The service: a-z, 0-9 and -. Functions see it as service:NAME."`
}

// Run prints the key and its entry. The key is nowhere else.
func (c *newServiceCommand) Run(rc runContext) error {
	if err := service.CheckName(c.Name); err != nil {
		return usageError{err}
	}
	key, hash := service.NewKey()
	fmt.Fprint(rc.stdout, strings.NewReplacer("{key}", key, "{hash}", hash, "{name}", c.Name).Replace(newService))
	return nil
}

const newService = `API key of {name}, which is shown this once:

  {key}

Its entry in the file of --services, which has the key's hash only:

  {"name": "{name}", "keys": ["{hash}"]}
`

// issuerKeyCommand makes a private key.
type issuerKeyCommand struct{}

// Run prints it.
func (issuerKeyCommand) Run(rc runContext) error {
	fmt.Fprint(rc.stdout, string(service.NewIssuerKey()))
	return nil
}

// serviceAuthConfigCommand prints what the deployment needs.
type serviceAuthConfigCommand struct{ serviceIssuerFlags }

// Run prints it.
func (c *serviceAuthConfigCommand) Run(rc runContext) error {
	if c.ServiceIssuer == "" || len(c.ServiceIssuerKeys) == 0 {
		return usageError{errors.New("give --service-issuer and --service-issuer-key-file")}
	}
	keys, err := c.keys()
	if err != nil {
		return usageError{err}
	}
	issuer, err := service.NewIssuer(c.ServiceIssuer, keys)
	if err != nil {
		return usageError{err}
	}
	fmt.Fprint(rc.stdout, issuer.AuthConfig())
	return nil
}
