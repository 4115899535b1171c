package cli

import (
	"fmt"

	"convexgateway/auth"
)

// trustFlags name issuers other than Clerk.
type trustFlags struct {
	TrustedIssuers []string `sep:";" placeholder:"ISSUER" group:"Signing in" help:"Other issuers whose tokens the deployment takes, as 'https://issuer application=ID', or for a customJwt provider 'https://issuer jwks=URL [algorithm=ES256] [application=ID]'. Several are separated by ;."`
}

// trusted returns the issuers.
func (f trustFlags) trusted() (issuers []auth.Issuer, err error) {
	for _, text := range f.TrustedIssuers {
		issuer, err := auth.ParseIssuer(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-issuers: %w", err)
		}
		issuers = append(issuers, issuer)
	}
	return issuers, nil
}
