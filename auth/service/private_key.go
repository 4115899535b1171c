package service

import "fmt"

// PrivateKey is the text of a private key in PEM, which no output shows.
type PrivateKey string

// Format keeps the text out of logs, for every verb.
func (PrivateKey) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("secret")) }

// MarshalText keeps it out of JSON.
func (PrivateKey) MarshalText() ([]byte, error) { return []byte("secret"), nil }
