package cli

import "convexgateway/server"

// operatorFlags say who is an operator on the admin port.
type operatorFlags struct {
	AdminToken     secret `name:"admin-token" placeholder:"TOKEN" group:"Operators" help:"Token of operators on the admin port, 22 to 1024 characters, at random: openssl rand -base64 32. With it convexgateway admin lists and disconnects streams, blocks functions, and drains. Metrics need none."`
	AdminTokenFile string `name:"admin-token-file" placeholder:"FILE" group:"Operators" help:"File with what --admin-token would be."`
	AdminTLSCert   string `name:"admin-tls-cert" placeholder:"FILE" group:"Operators" help:"PEM certificate chain of the admin port, read again when it changes. Without it that is plain text."`
	AdminTLSKey    string `name:"admin-tls-key" placeholder:"FILE" group:"Operators" help:"PEM private key of --admin-tls-cert."`
	AdminClientCA  string `name:"admin-client-ca" placeholder:"FILE" group:"Operators" help:"PEM certificates. A client whose certificate one of them has signed is an operator, without a token."`

	adminToken string // what readToken has found
}

// set copies the flags into a Config.
func (f *operatorFlags) set(c *server.Config) {
	c.AdminToken, c.AdminTLSCert, c.AdminTLSKey, c.AdminClientCA = f.adminToken, f.AdminTLSCert, f.AdminTLSKey, f.AdminClientCA
}

// readToken finds the token in the flag or its file.
func (f *operatorFlags) readToken() (err error) {
	f.adminToken, err = flagOrFile("--admin-token", string(f.AdminToken), f.AdminTokenFile)
	return err
}
