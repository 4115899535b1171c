// Package expiring is a map whose entries each end at a time of their own.
//
// Glossary:
//
//	until  the first moment at which an entry counts as absent
//	now    the current time, which callers pass in: the package has no clock
package expiring
