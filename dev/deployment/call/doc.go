// Package call describes what passes between the entry points of a development deployment and the runner of its functions: a
// call, its outcome, who makes it, and how errors and values are written.
//
// Glossary:
//
//	arguments    those of a call, decoded
//	call         a request to run one function: its kind, path, arguments and caller
//	class        what an error does to a request and to a socket
//	error        the deployment's own: over HTTP a status, on a socket its end
//	failure      a function's error, which the caller gets in place of a value
//	format       how a response writes values: encoded, clean or export
//	identity     who makes a call: a user, an admin, an admin acting as a user, or nobody
//	key order    the order in which JavaScript would have an object's fields
//	outcome      the result of a call: a value or a failure, with log lines
//	path         the name of a function, which may be one that can never run
package call
