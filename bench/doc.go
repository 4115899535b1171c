// Command bench measures the gateway against floors: the least that a program can do for the same response, run beside it on
// the same machine in the same minutes. It prints one Markdown table.
//
//	go run ./bench [-sections unary,fanout] [-quick] [-runs 3] [-profile DIR]
//
// Floors (package floor, and node/ for Node), a fake deployment (package upstream), a development deployment and the gateway,
// built from this module and run as `convexgateway serve` with its default settings, are processes of their own; the load
// (package load) is this process. Everything is on loopback. Runs of the servers that are compared alternate, and ratios are
// made within a run, because rates drift on a machine with other work. The most stable figure is the CPU time of the server's
// process.
//
// What is received is checked. A wrong value, a lost update or a leak ends the command with code 1; a slow gateway does not.
// Linux only: times and memory come from /proc.
//
//	section       a group of rows that is measured together
//	run           one measurement of each server of a section; figures are medians of runs
//	row           one figure of the gateway, beside that of a floor
//	goal          a limit for the ratio, or for the figure itself
//	shape         how many streams, on how many connections, and the updates that they are sent
//	caller        a measured server of unary calls
//	streamServer  a measured server of streams
//	fault         a mistake of a server, which fails the command
package main
