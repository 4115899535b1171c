// Package outage logs a failure that many parts of a program meet at the same time: one line when it begins, and sums.
//
// Glossary:
//
//	outage  from the first failure until a success is followed by quiet, or a minute passes without a failure
//	sum     a line that counts the failures since the last line
package outage
