package cli

import "convexgateway/server"

// browserFlags say which pages may call, and seal what they put into URLs.
type browserFlags struct {
	TicketKey      secret   `name:"ticket-key" placeholder:"BASE64" group:"Browsers" help:"Secret that seals one-time tickets of streams, 32 bytes in base64, the same for all replicas. By default made up at the start."`
	AllowedOrigins []string `name:"allowed-origins" placeholder:"ORIGIN" group:"Browsers" help:"Origins whose pages may call from a browser. By default none; in dev, those of loopback hosts."`
}

// set copies the flags into a Config.
func (f *browserFlags) set(c *server.Config) {
	c.TicketKey, c.AllowedOrigins = server.TicketKey(f.TicketKey), f.AllowedOrigins
}
