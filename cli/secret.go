package cli

import "fmt"

// secret is the text of a flag that no output shows.
type secret string

// Format keeps the text out of logs, for every verb.
func (secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("secret")) }

// MarshalText keeps it out of JSON.
func (secret) MarshalText() ([]byte, error) { return []byte("secret"), nil }
