// Package console is a page that runs functions and follows queries, and its handlers.
package console
