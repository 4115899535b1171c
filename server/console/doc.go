// Package console is the gateway's web page: it runs functions, follows queries and signs users in, over the same REST API as
// every client. The page is embedded, needs no build step and sends requests to its own origin only.
package console
