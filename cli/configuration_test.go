package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

//go:generate go test -run ^TestConfigurationDocs$ . -update

var update = flag.Bool("update", false, "write docs/configuration.md")

// setting is a flag with the commands that have it.
type setting struct {
	*kong.Flag
	commands []string
}

// settings returns all flags in the order of the structs, and the names of the commands.
func settings(t *testing.T) (all []*setting, commands []string) {
	t.Helper()
	parser, err := newParser()
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Children {
		commands = append(commands, command.Name)
		for _, f := range command.Flags {
			i := slices.IndexFunc(all, func(s *setting) bool { return s.Name == f.Name })
			if i < 0 {
				i, all = len(all), append(all, &setting{Flag: f})
			}
			all[i].commands = append(all[i].commands, command.Name)
		}
	}
	return all, commands
}

// configurationPage is made from the flags.
const configurationPage = "../docs/configuration.md"

// docs/configuration.md is made from the flags as they are.
func TestConfigurationDocs(t *testing.T) {
	want := configurationDocs(t)
	if *update {
		if err := os.WriteFile(configurationPage, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(configurationPage); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not current, %v: run go generate ./cli", configurationPage, err)
	}
}

func configurationDocs(t *testing.T) []byte {
	t.Helper()
	all, commands := settings(t)
	var page bytes.Buffer
	page.WriteString(configurationIntro)
	var groups []*kong.Group
	for _, s := range all {
		if s.Group == nil {
			t.Errorf("--%s has no group", s.Name)
		} else if !slices.ContainsFunc(groups, func(g *kong.Group) bool { return g.Key == s.Group.Key }) {
			groups = append(groups, s.Group)
		}
	}
	for _, group := range groups {
		fmt.Fprintf(&page, "\n## %s\n\n| flag | environment | default | |\n|---|---|---|---|\n", group.Title)
		for _, s := range all {
			if s.Group != nil && s.Group.Key == group.Key {
				page.WriteString(s.row(commands))
			}
		}
	}
	return page.Bytes()
}

const configurationIntro = `<!-- Made from the flags by go generate: change their help texts, not this page. -->

# Configuration

Every flag ` + "`--x-y`" + ` also reads the environment variable ` + "`CONVEXGATEWAY_X_Y`" + `, except where another name is given; flags win, and a variable
that is set to nothing counts as not set. Of a list, items are separated by commas, except where something else is stated. A wrong
value ends the start with exit code 2 and a line that names the flag. ` + "`--print-config`" + ` shows what a command would run with, and
where each setting comes from, without secrets; ` + "`convexgateway doctor`" + ` tries it out.
`

func (s *setting) row(commands []string) string {
	envs := make([]string, len(s.Envs))
	for i, env := range s.Envs {
		envs[i] = "`" + env + "`"
	}
	defaultValue := "none"
	switch {
	case s.HasDefault:
		defaultValue = "`" + s.Default + "`"
	case s.IsBool():
		defaultValue = "off"
	}
	help := strings.ReplaceAll(s.Help, "|", `\|`)
	if isSecret(s.Flag) {
		help += " **Secret.**"
	}
	if len(s.commands) < len(commands) {
		help += " (`" + strings.Join(s.commands, "`, `") + "`)"
	}
	return fmt.Sprintf("| `--%s` | %s | %s | %s |\n", s.Name, strings.Join(envs, ", "), defaultValue, help)
}

// A flag with a name of a secret is marked as one, names a file, or is listed here as public.
func TestSecretsAreMarked(t *testing.T) {
	public := []string{"keyed-mutations", "allow-machine-tokens", "allow-template-tokens", "clerk-jwt-key", "clerk-publishable-key", "tls-key", "admin-tls-key", "key", "nats-creds"}
	all, _ := settings(t)
	for _, s := range all {
		if regexp.MustCompile("key|secret|token|password|creds").MatchString(s.Name) && !strings.HasSuffix(s.Name, "-file") && !slices.Contains(public, s.Name) && !isSecret(s.Flag) {
			t.Errorf("--%s is not marked as secret", s.Name)
		}
	}
}

// Flags that a table of README.md or another page lists exist, with those variables and defaults.
func TestDocsListRealFlags(t *testing.T) {
	all, _ := settings(t)
	rows := regexp.MustCompile("(?m)^\\| `--([a-z-]+)` \\| `([A-Z_]+)`.*? \\| (?:`([^`]*)`)?").FindAllSubmatch(docPages(t), -1)
	if len(rows) < 8 {
		t.Errorf("only %d flags are listed", len(rows))
	}
	for _, row := range rows {
		name, env, defaultValue := string(row[1]), string(row[2]), string(row[3])
		i := slices.IndexFunc(all, func(s *setting) bool { return s.Name == name })
		if i < 0 || !slices.Contains(all[i].Envs, env) || defaultValue != "" && all[i].Default != defaultValue {
			t.Errorf("a page lists --%s, %s, default %q", name, env, defaultValue)
		}
	}
}

// --print-config shows values and their origins, and no secret.
func TestPrintConfig(t *testing.T) {
	const secret = "c2VjcmV0c2VjcmV0"
	t.Setenv("CLERK_SECRET_KEY", "sk_test_"+secret)
	t.Setenv("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_"+secret)
	t.Setenv("CONVEXGATEWAY_TICKET_KEY", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=")
	key := fileOf(t, "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=")
	t.Setenv("CONVEXGATEWAY_REQUEST_ID_KEY_FILE", key)
	t.Setenv("CONVEXGATEWAY_LINGER", "7s")
	t.Setenv("CLERK_JWT_KEY", "-----BEGIN\nEND")
	for line, want := range map[string][]string{
		"serve --print-config --allowed-origins https://a.example,https://b.example --convex-url https://x.convex.cloud": {
			`--convex-url +https://x\.convex\.cloud +flag`, `--linger +7s +CONVEXGATEWAY_LINGER`, `--refresh-grace +10s +default`,
			`--clerk-secret-key +secret +CLERK_SECRET_KEY`, `--clerk-webhook-secret +secret +CLERK_WEBHOOK_SIGNING_SECRET`,
			`--ticket-key +secret +CONVEXGATEWAY_TICKET_KEY`, `--cluster-key +none +default`,
			`--request-id-key +none +default`, `--request-id-key-file +` + regexp.QuoteMeta(key) + ` +CONVEXGATEWAY_REQUEST_ID_KEY_FILE`,
			`--allowed-origins +https://a\.example,https://b\.example +flag`,
			`--admin-addr +127\.0\.0\.1:9090 +default`, `--tls-cert +none +default`, `--clerk-jwt-key +"-----BEGIN\\nEND" +CLERK_JWT_KEY`,
		},
		"dev --print-config": {`--deployment-addr +127\.0\.0\.1:3210 +default`, `--admin-addr +127\.0\.0\.1:0 +default`, `--require-auth +false +default`},
	} {
		var stdout, stderr bytes.Buffer
		if err := run(t.Context(), strings.Fields(line), &stdout, &stderr); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		for _, w := range want {
			if !regexp.MustCompile("(?m)^" + w + "$").Match(stdout.Bytes()) {
				t.Errorf("%q: no %q in\n%s", line, w, &stdout)
			}
		}
		if strings.Contains(stdout.String()+stderr.String(), secret) {
			t.Errorf("%q shows a secret:\n%s", line, &stdout)
		}
	}
}
