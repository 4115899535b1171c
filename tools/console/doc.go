// Package console tests the gateway's console page in Chromium, in front of real processes. It holds tests only.
//
// tools/console/check runs it. With CONSOLE_SCREENS=folder TestScreens writes its pictures to the folder;
// `go test -run TestPicture -update` writes docs/console.png.
//
//	dev      `convexgateway dev`: a development deployment with a gateway
//	serving  `convexgateway serve` in front of a dev's deployment, which can be restarted
//	page     a browser tab with a profile of its own
//	refused  network errors that a test causes, and that are therefore no failure
package console
