// Package keyring seals bytes with keys that all replicas share, and opens them.
//
// Glossary:
//
//	ring   keys of which the first seals and all open, so that a new key can be added behind the old one everywhere before it is the first
//	id     names the key that has sealed something, and is before it
//	bound  bytes that are authenticated with the sealed ones: what is sealed for one use does not open for another
package keyring
