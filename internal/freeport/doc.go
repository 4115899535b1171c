// Package freeport finds ports that nothing listens on, for servers whose ports tests must know before they start.
//
// Where a server can say which port it got, port 0 is the better choice.
package freeport
