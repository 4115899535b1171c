// Package requestline lets net/http serve requests whose path has a % that begins no escape, which it refuses by itself.
package requestline
