// Package app holds the functions of a development deployment: what they are written with, what runs them, and the sample app.
// Texts of errors are Convex's own, because clients and people search for them.
//
// Glossary:
//
//	app       the functions and tables of a deployment
//	context   what a handler works with: the caller, the database, storage, log lines
//	function  a query, mutation or action at a path, with validators of its argument and result
//	handler   the Go code of a function
//	runner    finds the function of a call, checks its argument, runs its handler and checks the result
//	spec      the description of all functions, for admins
package app
