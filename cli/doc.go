// Package cli is the command line of convexgateway: one file a command (serve, dev, doctor, version), and files for the flags
// that they share. It translates flags into a [server.Config], and errors about fields of the Config into errors about flags.
//
// Glossary:
//
//	flag     --x-y, which also reads the environment variable CONVEXGATEWAY_X_Y or the ones that its tag names
//	setting  a flag with its value, wherever that comes from: command line, environment or default
//	group    the heading below which --help and docs/configuration.md list a flag
//	origin   where a value comes from, as --print-config shows it
//	secret   a setting that no output shows
package cli
