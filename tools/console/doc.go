// Package console drives the gateway's console page in Chromium, in front of real processes. It holds tests only.
//
// tools/console/check runs it; CONSOLE_SCREENS=folder makes TestScreens leave its pictures there.
package console
