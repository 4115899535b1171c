// Package certificate reads the certificates that a server uses, and reads them again when they change.
//
// Glossary:
//
//	pair       a certificate chain and its private key
//	authority  signs the certificates of clients
package certificate
