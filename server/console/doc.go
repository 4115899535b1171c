// Package console is a page that runs functions and shows the results of queries live, and the handlers that serve it. The page
// calls the REST API like any other client.
//
// Glossary:
//
//	page      HTML, scripts and styles of the directory page, embedded in the program
//	asset     one file of the page
//	settings  what the page needs of the gateway's configuration, as JSON
//	sign-in   a token for a user by name, for development: the handler of POST /console/token
package console
