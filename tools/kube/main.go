package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	checks := map[string]func([]byte) (string, error){"objects": objects, "envoy": envoy}
	if len(os.Args) != 2 || checks[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: kube objects|envoy < FILE")
		os.Exit(2)
	}
	text, err := io.ReadAll(os.Stdin)
	if err == nil {
		var found string
		if found, err = checks[os.Args[1]](text); err == nil {
			fmt.Fprintln(os.Stdout, found)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "kube:", err)
	os.Exit(1)
}
