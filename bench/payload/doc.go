// Package payload has the requests of the benchmarks in the form of each server, and the checks of its answers.
package payload
