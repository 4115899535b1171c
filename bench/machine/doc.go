// Package machine is what the benchmark needs of the machine that it runs on.
package machine
