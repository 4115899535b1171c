// Package process runs the processes that are measured: start, stop, CPU time, memory, open files, profiles, and what is wrong
// with how one ended.
package process
