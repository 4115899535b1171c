// Package jws reads a token as it was sent, and checks its signature with a given key.
//
// It refuses what two readers could read in two ways. What the claims mean, and which of them are accepted, is decided in
// package auth. No error holds text of a token or values of its claims.
//
// Glossary:
//
//	token      a JWS in compact form: header, payload and signature, each in base64url, between dots
//	header     the JSON object that names the algorithm and the key
//	claims     the JSON object in the payload
//	canonical  of an object: its one form as JSON, with sorted names
//	SDK        clerk-sdk-go, which verifies Clerk's tokens, too
package jws
