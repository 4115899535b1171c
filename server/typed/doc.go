// Package typed serves an app's typed contract: it compiles the proto files of its folder, and transcodes arguments and results between
// protobuf's wire form and Convex's JSON.
//
// Glossary:
//
//	method  an rpc of the contract; a function of the app, or a stream of a query's results
//	plan    how the values of a message are in JSON and on the wire; compiled once, from the model of the contract
//	gone    what the contract has and the app does not
package typed
