// Package limit bounds what callers may use: bytes, places and calls a second, and the log lines of what is refused. A caller is any
// text that limits count by.
//
// Glossary:
//
//	budget   of bytes that are held for callers, in all and for each
//	hold     what is held for one call; it may have parts that outlive the call
//	place    one of a number of calls or streams that may be open at once
//	rate     of calls in a second
//	refusal  a call that a limit, or another check before its handler, has refused
package limit
