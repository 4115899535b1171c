// Command kube decodes what is deployed strictly into the types of those who read it.
//
//	kube objects < manifests.yaml    # Kubernetes objects: each must decode, without a field too many, and none be missing
//	kube envoy < envoy.yaml          # Envoy's bootstrap, and all that stands in it as Any, with the rules of its protos
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
			fmt.Println(found)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "kube:", err)
	os.Exit(1)
}
