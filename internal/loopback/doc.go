// Package loopback recognizes addresses of this machine, to which plain http and pages of any port are allowed.
package loopback
