package convexapp_test

import (
	"flag"
	"testing"

	"convexgateway/cli/generate"
	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/dev/deployment"
)

var update = flag.Bool("update", false, "write the contract of the sample app")

// The checked-in contract is what generate makes of the sample app, which declares arguments and results of all its functions.
func TestContract(t *testing.T) {
	d, err := deployment.Start(t.Context(), deployment.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	client, err := convex.NewHTTPClient(d.URL(), convex.HTTPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	text, err := spec.Fetch(t.Context(), client, d.AdminKey())
	if err != nil {
		t.Fatal(err)
	}
	app, warnings, err := spec.Parse(text)
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	output := generate.API("api", app)
	if *update {
		if _, err := output.Write(); err != nil {
			t.Fatal(err)
		}
	}
	if changes, err := output.Changes(); err != nil || len(changes) > 0 {
		t.Errorf("%v is not current, %v: run go generate ./examples/convex-app", changes, err)
	}
	for f := range app.All() {
		if f.Returns == nil || f.Args == spec.Any {
			t.Errorf("%s does not declare its arguments and its result", f.Path)
		}
	}
}
