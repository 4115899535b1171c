package server

// requestIDSecret is what request ids are derived from; nil without a key.
func (c Config) requestIDSecret() ([]byte, error) {
	return c.TicketKey.Derive("convexgateway request ids")
}
