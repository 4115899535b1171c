package call

import "testing"

func TestClientVersion_defaultFormat(t *testing.T) {
	for header, want := range map[string]Format{
		"npm-1.4.0": Encoded, "npm-1.4.1": Clean, "npm-1.4.1-alpha.0": Encoded, "NPM-1.0.0": Encoded,
		"npm-cli-1.4.0": Encoded, "actions-1.3.9": Encoded, "python-0.4.9": Encoded, "python-convex-0.5.0": Clean,
		"rust-0.0.2": Clean, "my-own-client-1.0.0": Clean, "npm-x": Clean, "npm-": Clean,
	} {
		client, err := parseClientVersion(header)
		if err != nil || client.DefaultFormat() != want {
			t.Errorf("%s: %+v, %v", header, client, err)
		}
	}
	if _, err := parseClientVersion("npm"); err == nil {
		t.Error("npm has no version")
	}
	if got := (ClientVersion{}).DefaultFormat(); got != Clean {
		t.Errorf("no header: %v", got)
	}
	if got, _ := parseClientVersion("npm-cli-1.2.3-rc-1"); got.name != "npm-cli" || got.version != (semver{[3]int{1, 2, 3}, true}) {
		t.Errorf("%+v", got)
	}
}

func TestClientVersion_takesChunks(t *testing.T) {
	for header, want := range map[string]bool{
		"npm-1.28.0": true, "npm-1.45.0": true, "NPM-2.0.0": true, "npm-1.27.9": false, "npm-1.28.0-alpha.1": false, "npm-latest": false,
		"npm-cli-1.45.0": false, "rust-1.45.0": false, "swift-1.45.0": false, "my-client-1.45.0": false,
	} {
		client, err := parseClientVersion(header)
		if err != nil || client.TakesChunks() != want {
			t.Errorf("%s: %v, %v", header, client.TakesChunks(), err)
		}
	}
	if (ClientVersion{}).TakesChunks() {
		t.Error("a client without a version accepts chunks")
	}
}
