// Package leaktest finds what a test has left open: goroutines, files and ports.
//
// Tests that use State cannot be parallel: it counts what the whole process has.
//
// Glossary:
//
//	leak  what is open after a test and was not before it
package leaktest
