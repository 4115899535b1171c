package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// asCommand makes this test binary behave as the command, so that tests can run and signal a real process.
const asCommand = "CONVEXGATEWAY_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}

const patience = 30 * time.Second

// process is a running command.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	output string // what it printed until it was ready
	stderr *bytes.Buffer
}

// start runs the command until its output matches ready.
func start(t *testing.T, ready string, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, stderr: &bytes.Buffer{}}
	p.cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	p.cmd.Env = append(append(os.Environ(), asCommand+"=1"), env...)
	stdout, stdoutWriter := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = stdoutWriter, io.MultiWriter(p.stderr, stdoutWriter)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait(); stdoutWriter.Close() })
	found := make(chan bool, 1)
	go func() {
		pattern := regexp.MustCompile(ready)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			p.output += lines.Text() + "\n"
			if pattern.MatchString(p.output) {
				found <- true
				_, _ = io.Copy(io.Discard, stdout)
				return
			}
		}
		found <- false
	}()
	select {
	case ok := <-found:
		if !ok {
			t.Fatalf("%v ended before it printed %q:\n%s", args, ready, p.output)
		}
	case <-time.After(patience): //nolint:forbidigo // the one deadline of the test
		t.Fatalf("%v did not print %q", args, ready)
	}
	return p
}

// find returns the first group of a pattern in what the process printed.
func (p *process) find(pattern string) string {
	p.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(p.output)
	if m == nil {
		p.t.Fatalf("no %q in:\n%s", pattern, p.output)
	}
	return m[1]
}

// terminate sends SIGTERM and returns the exit code.
func (p *process) terminate() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	err := p.cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

var anyPort = []string{"--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"}

func post(t *testing.T, url, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(text))
}

// TestDevAndServe runs `dev`, and `serve` beside it on the same deployment: a message sent through one gateway arrives on
// a stream of the other, with and without a signed-in user, and SIGTERM ends both in order.
func TestDevAndServe(t *testing.T) {
	dev := start(t, `Stop with Ctrl-C`, nil, append([]string{"dev", "--deployment-addr", "127.0.0.1:0"}, anyPort...)...)
	deployment, devREST := dev.find(`deployment +(http://\S+)`), dev.find(`REST +(http://\S+)`)
	env := []string{"CONVEX_URL=" + deployment, "CLERK_FRONTEND_API_URL=" + dev.find(`issuer +(\S+)`)}
	serve := start(t, `msg=ready grpc=\S+`, env, append([]string{"serve"}, anyPort...)...)
	grpcAddr := serve.find(`msg=ready grpc=(\S+)`)

	_, answer := post(t, deployment+"/dev/token", "", `{"user":"ada","ttl":"60s"}`)
	var issued struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(answer), &issued); err != nil {
		t.Fatal(err)
	}
	code, me := post(t, "http://"+serve.find(`http=(\S+)`)+"/v1/query", issued.Token, `{"path":"users:me"}`)
	if code != http.StatusOK || !strings.Contains(me, `"subject":"user_ada"`) {
		t.Errorf("users:me = %d %s", code, me)
	}

	conn, err := grpc.NewClient(grpcAddr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	stream, err := gatewayv1.NewFunctionServiceClient(conn).Subscribe(ctx, &gatewayv1.SubscribeRequest{Path: "messages:list"})
	if err != nil {
		t.Fatal(err)
	}
	if n := nextList(t, stream); n != 0 {
		t.Errorf("first list has %d messages", n)
	}
	if code, text := post(t, devREST+"/v1/mutate", "", `{"path":"messages:send","args":{"body":"hello"}}`); code != http.StatusOK {
		t.Fatalf("messages:send = %d %s", code, text)
	}
	if n := nextList(t, stream); n != 1 {
		t.Errorf("second list has %d messages", n)
	}

	if code := serve.terminate(); code != 0 {
		t.Errorf("serve: exit code %d\n%s", code, serve.stderr)
	}
	for err = nil; err == nil; {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.Unavailable {
		t.Errorf("the stream ended with %v", err)
	}
	if code := dev.terminate(); code != 0 {
		t.Errorf("dev: exit code %d\n%s", code, dev.stderr)
	}
	for _, log := range []string{dev.stderr.String(), serve.stderr.String()} {
		if strings.Contains(log, issued.Token) || strings.Contains(log, "hello") {
			t.Errorf("a token or an argument is in the log:\n%s", log)
		}
	}
}

// TestCallsUnderWayFinish: a stop waits for them, and what they need outlives them.
func TestCallsUnderWayFinish(t *testing.T) {
	for range 10 {
		switch answer, err := callAcrossStop(t); {
		case err != nil:
			t.Log("the gateway stopped before it had taken the call:", err) // again
		case answer != `{"value":1500}`:
			t.Fatalf("the call under way got %s", answer)
		default:
			return
		}
	}
	t.Fatal("no call was ever under way")
}

// callAcrossStop stops `dev` as soon as a call has been sent to it, and returns the call's answer.
func callAcrossStop(t *testing.T) (string, error) {
	t.Helper()
	dev := start(t, `Stop with Ctrl-C`, nil, append([]string{"dev", "--deployment-addr", "127.0.0.1:0"}, anyPort...)...)
	sent := make(chan struct{})
	traced := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) },
	})
	req, err := http.NewRequestWithContext(traced, http.MethodPost, dev.find(`REST +(http://\S+)`)+"/v1/action",
		strings.NewReader(`{"path":"actions:sleep","args":{"ms":1500}}`))
	if err != nil {
		t.Fatal(err)
	}
	type outcome struct {
		answer string
		err    error
	}
	ended := make(chan outcome, 1)
	go func() {
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			ended <- outcome{err: err}
			return
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		ended <- outcome{strings.TrimSpace(string(text)), err}
	}()
	<-sent
	if code := dev.terminate(); code != 0 {
		t.Errorf("exit code %d\n%s", code, dev.stderr)
	}
	o := <-ended
	return o.answer, o.err
}

// nextList is the length of the next list on a stream.
func nextList(t *testing.T, stream grpc.ServerStreamingClient[gatewayv1.SubscribeResponse]) int {
	t.Helper()
	for {
		m, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if v := m.GetValue(); v != nil {
			return len(v.GetListValue().GetValues())
		}
	}
}

// TestWrongSettings: one line that names the setting, and exit code 2.
func TestWrongSettings(t *testing.T) {
	for line, want := range map[string]string{
		"":                           "dev",
		"bogus":                      "bogus",
		"serve":                      "--convex-url (CONVEX_URL)",
		"doctor":                     "--convex-url (CONVEX_URL)",
		"serve --convex-url foo":     "--convex-url",
		"serve --convex-url ftp://x": "--convex-url",
		"serve --convex-url http://x --tls-cert c":                                           "--tls-key",
		"serve --convex-url http://x --tls-cert /nonexistent --tls-key /nonexistent":         "--tls-cert",
		"serve --convex-url http://x --clerk-publishable-key sk_live_x":                      "--clerk-publishable-key",
		"serve --convex-url http://x --clerk-issuer http://clerk.example.com":                "--clerk-issuer",
		"serve --convex-url http://x --trusted-issuers https://a.example":                    "--trusted-issuers",
		"serve --convex-url http://x --clerk-issuer https://c.example --clerk-jwt-key nokey": "--clerk-jwt-key",
		"serve --convex-url http://x --max-request-bytes many":                               "--max-request-bytes",
		"serve --convex-url http://x --max-streams-per-caller -1":                            "--max-streams-per-caller",
		"serve --convex-url http://x --max-streams-per-caller=-1":                            "serve: --max-streams-per-caller: ",
		"serve --convex-url http://x --max-calls-per-second=-1":                              "serve: --max-calls-per-second: ",
		"serve --convex-url http://x --max-streams=-1":                                       "serve: --max-streams: ",
		"serve --convex-url http://x --max-connections=-1":                                   "serve: --max-connections: ",
		"serve --convex-url http://x --max-upstream-sockets=-1":                              "serve: --max-upstream-sockets: ",
		"serve --convex-url http://x --linger=-1s":                                           "serve: --linger: ",
		"serve --convex-url http://x --max-connection-age=-1s":                               "serve: --max-connection-age: ",
		"serve --convex-url http://x --refresh-grace=-1s":                                    "serve: --refresh-grace: ",
		"serve --convex-url http://x --drain-period=-1s":                                     "serve: --drain-period: ",
		"serve --convex-url http://x --fail-fast-after=0s":                                   "serve: --fail-fast-after: ",
		"serve --convex-url http://x --upstream-patience=0s":                                 "serve: --upstream-patience: ",
		"serve --convex-url http://x --drain-timeout=0s":                                     "serve: --drain-timeout: ",
		"serve --convex-url http://x --max-request-bytes=0":                                  "serve: --max-request-bytes: ",
		"serve --convex-url http://x --http-addr=":                                           "serve: --http-addr: ",
		"serve --convex-url http://x --allowed-origins https://*.example.com":                "--allowed-origins",
		"serve --convex-url http://x --ticket-key c2VjcmV0":                                  "--ticket-key",
		"serve --convex-url http://x --refresh-grace 1h":                                     "--refresh-grace",
		"serve --convex-url http://x --grpc-addr 50051":                                      "--grpc-addr",
		"serve --convex-url http://x --log-format xml":                                       "--log-format",
		"dev --deployment-addr nowhere":                                                      "--deployment-addr",
		"dev --linger soon":                                                                  "--linger",
		"dev --unknown":                                                                      "--unknown",
	} {
		var stdout, stderr bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err := run(ctx, strings.Fields(line), &stdout, &stderr)
		cancel()
		stderr.Reset() // logs
		if code := exitCode(err, &stderr); code != 2 {
			t.Errorf("%q: exit code %d, %v", line, code, err)
		}
		if text := stderr.String(); !strings.Contains(text, want) || strings.Count(text, "\n") != 1 {
			t.Errorf("%q: %q, want one line with %q", line, text, want)
		}
	}
}

// TestWrongSecret is named, but not shown.
func TestWrongSecret(t *testing.T) {
	const secret = "c2VjcmV0"
	for name, args := range map[string][]string{"flag": {"--ticket-key", secret}, "variable": {}} {
		if len(args) == 0 {
			t.Setenv("CONVEXGATEWAY_TICKET_KEY", secret)
		}
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), append([]string{"serve", "--convex-url", "http://x"}, args...), &stdout, &stderr)
		code := exitCode(err, &stderr)
		if text := stdout.String() + stderr.String(); code != 2 || !strings.Contains(text, "--ticket-key") || strings.Contains(text, secret) {
			t.Errorf("%s: exit code %d, %q", name, code, text)
		}
	}
}

func TestHelp(t *testing.T) {
	for line, want := range map[string][]string{
		"--help":       {"dev", "serve", "doctor", "CONVEXGATEWAY_X_Y"},
		"serve --help": {"--convex-url", "$CONVEX_URL", "--clerk-issuer", "$CLERK_FRONTEND_API_URL", "$CLERK_JWT_ISSUER_DOMAIN", "$CONVEXGATEWAY_GRPC_ADDR"},
		"dev --help":   {"--deployment-addr", "127.0.0.1:3210", "127.0.0.1:50051", "127.0.0.1:8080"},
	} {
		var stdout, stderr bytes.Buffer
		if err := run(t.Context(), strings.Fields(line), &stdout, &stderr); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		for _, w := range want {
			if !strings.Contains(stdout.String(), w) {
				t.Errorf("%q does not tell of %s", line, w)
			}
		}
	}
}

// TestReadmeNamesRealTests: every test that README.md or another page names exists.
func TestReadmeNamesRealTests(t *testing.T) {
	var sources []byte
	for _, room := range []string{"../auth", "../cli", "../convex", "../dev", "../server"} {
		err := filepath.WalkDir(room, func(file string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, "_test.go") {
				return err
			}
			text, err := os.ReadFile(file)
			sources = append(sources, text...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	names := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`").FindAllSubmatch(docPages(t), -1)
	if len(names) < 10 {
		t.Errorf("only %d tests are named", len(names))
	}
	for _, name := range names {
		if !bytes.Contains(sources, append([]byte("func "), append(name[1], '(')...)) {
			t.Errorf("there is no %s", name[1])
		}
	}
}

// TestTrustedIssuers: several are separated by semicolons; one in a data: URL is escaped.
func TestTrustedIssuers(t *testing.T) {
	var c commands
	parser, err := kong.New(&c, kong.Vars(defaults))
	if err != nil {
		t.Fatal(err)
	}
	const set = "eyJrZXlzIjpbeyJrdHkiOiJPS1AiLCJraWQiOiJrIiwiY3J2IjoiRWQyNTUxOSIsIngiOiIxMXFZQVlLeENyZlZTXzdUeVdRSE9nN2hjdlBhcGlNbHJ3SWFhUGNIVVJvIn1dfQ=="
	if _, err := parser.Parse([]string{"serve", "--trusted-issuers",
		`https://a.example application=x; https://b.example jwks=data:application/json\;base64,` + set}); err != nil {
		t.Fatal(err)
	}
	up, err := c.Serve.upstream("http://x")
	want := []auth.Issuer{
		{URL: "https://a.example", ApplicationID: "x"}, {URL: "https://b.example", Keys: "data:application/json;base64," + set},
	}
	if err != nil || !slices.Equal(up.OtherIssuers, want) {
		t.Errorf("%+v, %v", up.OtherIssuers, err)
	}
}

func TestIssuerOf(t *testing.T) {
	key := func(prefix, host string) string { return prefix + base64.StdEncoding.EncodeToString([]byte(host)) }
	for text, want := range map[string]string{
		key("pk_test_", "brave-otter-41.clerk.accounts.dev$"):       "https://brave-otter-41.clerk.accounts.dev",
		key("pk_live_", "clerk.shop.example$"):                      "https://clerk.shop.example",
		strings.TrimRight(key("pk_live_", "clerk.a.example$"), "="): "https://clerk.a.example",
		key("pk_live_", "clerk.shop.example"):                       "",
		key("pk_live_", "clerk.shop$.example$"):                     "",
		key("pk_live_", "localhost$"):                               "",
		key("pk_other_", "clerk.shop.example$"):                     "",
		key("pk_live_", "clerk.shop.example/x$"):                    "",
		"pk_live_%%%":                                               "", "pk_live_": "", "": "", "sk_live_abc": "",
	} {
		got, err := issuerOf(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("issuerOf(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}
