// Package wait pauses goroutines: for a time that a context can cut short, and between the attempts of a retry.
//
// Glossary:
//
//	base   the pause before the first retry, without jitter
//	jitter the random factor that keeps many clients from retrying at the same moment
package wait
