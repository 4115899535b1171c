// Package requestline lets net/http serve requests whose path has a % that begins no escape, which it refuses by itself.
//
// Glossary:
//
//	request line  the first line of an HTTP request: method, target, version
//	bare percent  a % that two hexadecimal digits do not follow
package requestline
