package typed_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/typed"
)

var (
	seed       = flag.Uint64("seed", 0, "of random contracts; 0: another one each time")
	validators = flag.Int("validators", 60, "random contracts in a round trip")
)

// Values of random validators go from JSON to the wire, where the protobuf library reads what a slow oracle makes of them, and back.
func TestRoundTrip(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("-seed %d", *seed)
	r := random{rand.New(rand.NewPCG(*seed, 0))}
	var all []spec.Validator
	all = append(all, scalars...)
	for range *validators {
		all = append(all, r.validator(4))
	}
	values := 0
	for _, v := range all {
		c := compiled(t, echo(v))
		for range 20 {
			if text := r.value(v); text != "" {
				values++
				roundTrip(t, c, v, text)
			}
		}
	}
	if values < 10*len(all) {
		t.Errorf("only %d values of %d validators", values, len(all))
	}
}

func roundTrip(t *testing.T, c contract, v spec.Validator, text string) {
	t.Helper()
	m := c.Method(echoMethod)
	wire, unknown, err := m.AppendResponse(nil, typed.Result{Value: []byte(text)}, nil)
	if err != nil || unknown > 0 {
		t.Fatalf("%s of %+v: %v, %d unknown fields", text, v, err, unknown)
	}
	response := c.message("convex.app.m.FResponse")
	got, want := dynamicpb.NewMessage(response), dynamicpb.NewMessage(response)
	if err := proto.Unmarshal(wire, got); err != nil {
		t.Fatalf("%s of %+v: %v", text, v, err)
	}
	oracle{}.set(want, response.Fields().ByNumber(1), v, []byte(text))
	if !proto.Equal(got, want) {
		t.Fatalf("%s of %+v is\n%v, want\n%v", text, v, got, want)
	}
	again, err := proto.MarshalOptions{Deterministic: true}.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := convex.Canonical([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, wire := range [][]byte{wire, again} {
		args, err := m.Arguments(wire, nil)
		if err != nil || string(args) != `{"value":`+string(canonical)+`}` {
			t.Fatalf("%s of %+v is afterwards %s, %v", canonical, v, args, err)
		}
	}
}
