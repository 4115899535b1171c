// Package loopback recognizes addresses of this machine, to which plain http and pages of any port are allowed.
//
// Glossary:
//
//	loopback address  one that only programs of the same machine reach: 127.0.0.0/8 and ::1
package loopback
