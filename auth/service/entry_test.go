package service

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const someHash = "sha256:2370916c7e94eee02814c5a8af2ebd06b21dbaa32dab99eabb4d9da0a567af80"

// read reads a services file as a directory does.
func read(text string) (*table, error) {
	entries, err := parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return newTable(entries, "https://gateway.test")
}

// A file that is not what its writer meant is refused as a whole, with an error that names the place and quotes no secret.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	key, _ := NewKey()
	entry := func(members string) string {
		return fmt.Sprintf(`{"services":[{"name":"billing","keys":[%q]%s}]}`, someHash, members)
	}
	if _, err := read(entry("")); err != nil {
		t.Fatal("the entry itself is refused:", err)
	}
	for name, test := range map[string]struct{ text, want string }{
		"nothing":                    {``, "JSON"},
		"no services":                {`{}`, `"services"`},
		"a list":                     {`[]`, "JSON"},
		"two values":                 {`{"services":[]} {}`, "more than one"},
		"unknown member":             {entry(`,"function":["a:b"]`), "function"},
		"unknown member of the file": {`{"services":[],"x":1}`, "x"},
		"no name":                    {`{"services":[{"keys":["` + someHash + `"]}]}`, "name"},
		"bad name":                   {`{"services":[{"name":"Billing"}]}`, "name"},
		"nothing proves it":          {`{"services":[{"name":"billing"}]}`, "none of keys"},
		"the key itself":             {strings.ReplaceAll(entry(""), someHash, key), "hash"},
		"short hash":                 {`{"services":[{"name":"a","keys":["sha256:00"]}]}`, "hexadecimal"},
		"long hash":                  {`{"services":[{"name":"a","keys":["` + someHash + `00"]}]}`, "hexadecimal"},
		"one key twice":              {`{"services":[{"name":"a","keys":["` + someHash + `"]},{"name":"b","keys":["` + someHash + `"]}]}`, "twice"},
		"one name twice":             {`{"services":[{"name":"a","keys":["` + someHash + `"]},{"name":"a","certificates":["dns:a"]}]}`, "twice"},
		"one certificate twice":      {`{"services":[{"name":"a","certificates":["dns:A.test"]},{"name":"b","certificates":["dns:a.test"]}]}`, "twice"},
		"bad certificate":            {`{"services":[{"name":"a","certificates":["a.test"]}]}`, "certificates"},
		"wildcard certificate":       {`{"services":[{"name":"a","certificates":["dns:*.test"]}]}`, "certificates"},
		"token without a subject":    {`{"services":[{"name":"a","tokens":[{"issuer":"https://i.test","audience":"a"}]}]}`, "subject"},
		"token of the gateway":       {`{"services":[{"name":"a","tokens":[{"issuer":"https://gateway.test/","audience":"a","subject":"*"}]}]}`, "own issuer"},
		"function with .js":          {entry(`,"functions":["messages.js:list"]`), "functions"},
		"function without a module":  {entry(`,"functions":["list"]`), "functions"},
		"claim of the gateway's":     {entry(`,"claims":{"sub":"user_ada"}`), "claims: sub"},
		"reserved claim":             {entry(`,"claims":{"tokenIdentifier":"x"}`), "claims"},
		"claim nobody can read":      {entry(`,"claims":{"$role":"x"}`), "claims"},
		"claims too large":           {entry(`,"claims":{"role":"` + strings.Repeat("x", maxClaims) + `"}`), "claims"},
		"share over all":             {entry(`,"share":1.5`), "share"},
		"share below none":           {entry(`,"share":-1`), "share"},
		"on behalf of nobody":        {entry(`,"onBehalfOf":{"subjects":[],"functions":["*"]}`), "onBehalfOf"},
		"on behalf without function": {entry(`,"onBehalfOf":{"subjects":["*"]}`), "onBehalfOf"},
		"too large":                  {`{"services":[]}` + strings.Repeat(" ", maxFile), "larger"},
	} {
		_, err := read(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), key) {
			t.Errorf("%s: the error quotes the key", name)
		}
	}
}

// The functions of an entry: all without a list, none with an empty one.
func TestFunctionsOfAnEntry(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		functions []string
		path      string
		want      bool
	}{
		{nil, "messages:list", true},
		{[]string{}, "messages:list", false},
		{[]string{"messages:*"}, "messages:list", true},
		{[]string{"messages:*"}, "messagesx:list", false},
		{[]string{"a:b", "*:list"}, "deep/messages:list", true},
		{[]string{"messages:list"}, "messages:listAll", false},
	} {
		if got := (Rules{Functions: test.functions}).allows(test.path); got != test.want {
			t.Errorf("%v allows %s: %v", test.functions, test.path, got)
		}
	}
}

// Whatever is in the file: it is refused, or each service that it names is found by its own keys only, and its rules are what the file says.
func FuzzServicesFile(f *testing.F) {
	f.Add([]byte(`{"services":[{"name":"billing","keys":["` + someHash + `"],"functions":["a:*"],"claims":{"role":"x"},"share":0.5}]}`))
	f.Add([]byte(`{"services":[{"name":"b","certificates":["spiffe://t/b","dns:b"],"onBehalfOf":{"subjects":["u*"],"functions":["*"]}}]}`))
	f.Add([]byte(`{"services":[{"name":"c","tokens":[{"issuer":"https://i.test","audience":"a","subject":"s*","jwks":"https://i.test/k"}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		tab, err := read(string(text))
		if err != nil {
			return
		}
		entries, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(tab.subjects) != len(entries) {
			t.Fatalf("%d services of %d entries", len(tab.subjects), len(entries))
		}
		for _, e := range entries {
			for _, k := range e.Keys {
				hash, err := parseKeyHash(k)
				if err != nil || hash.find(tab).name != e.Name {
					t.Fatalf("%s is not found by its key: %v", e.Name, err)
				}
			}
			for name := range e.Claims {
				if name == "sub" || name == "iss" || name == "act" {
					t.Fatalf("claim %s", name)
				}
			}
			again, err := json.Marshal(map[string]any{"services": []Entry{e}})
			if err != nil {
				t.Fatal(err)
			}
			if second, err := read(string(again)); err != nil || second.subjects["service:"+e.Name].fingerprint != e.fingerprint() {
				t.Fatalf("written again it is another entry: %v: %s", err, again)
			}
		}
	})
}
