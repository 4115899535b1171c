// Package memnet is a network of one address in memory, so that real clients and servers run in one testing/synctest bubble.
package memnet
