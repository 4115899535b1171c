package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	found, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "kube:", err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stdout, found)
}

// run checks what the arguments name, and returns a summary.
func run(args []string) (string, error) {
	if len(args) == 3 && args[0] == "chart" {
		return checkChart(args[1], args[2])
	}
	checks := map[string]func([]byte) (string, error){"objects": objects, "envoy": envoy}
	if len(args) != 1 || checks[args[0]] == nil {
		return "", fmt.Errorf("usage: kube objects|envoy < FILE, kube chart FOLDER CHOICES")
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return "", err
	}
	return checks[args[0]](text)
}
