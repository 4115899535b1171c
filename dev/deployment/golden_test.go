package deployment_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/internal/memnet"
	"convexgateway/internal/wait"
)

// goldenFiles and goldenChecks are how much was recorded. A clone with less is incomplete.
const (
	goldenFiles  = 79
	goldenChecks = 1931
)

// goldenFile is a file of testdata/golden, whose README explains its steps.
type goldenFile struct {
	Name  string
	Cases []goldenCase
}

type goldenCase struct {
	Name  string
	Steps []goldenStep
}

type goldenStep struct {
	HTTP      *goldenRequest
	WS        string
	Open      *goldenRequest
	Send      *string
	SendFrame *struct {
		Op            byte
		Fin           bool
		PayloadBase64 string
	}
	Recv    []string
	QuietMs int
	ForMs   int
	Close   *goldenClose
	Dropped bool
	Abort   bool
	SleepMs int
	Mint    *goldenMint
	Expect  *goldenResponse

	Alternatives []struct {
		Expect  *goldenResponse
		Recv    []string
		Close   *goldenClose
		Dropped bool
	}
}

type goldenMint struct {
	Name, Sub  string
	TTLSeconds int
}

// TestGolden replays what the real backend answered. Each file has an empty deployment and virtual time.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(files) != goldenFiles {
		t.Fatalf("%d files, not %d (%v)", len(files), goldenFiles, err)
	}
	checks := 0
	for _, path := range files {
		file := readGolden(t, path)
		checks += file.checks()
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { newGoldenPlayer(t).play(file) })
		})
	}
	if checks != goldenChecks {
		t.Errorf("%d checks, not %d", checks, goldenChecks)
	}
}

// checks is how many steps expect something.
func (f goldenFile) checks() (n int) {
	for _, c := range f.Cases {
		for _, step := range c.Steps {
			if step.Expect != nil || step.Recv != nil {
				n++
			}
		}
	}
	return n
}

func readGolden(t *testing.T, path string) (file goldenFile) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// goldenPlayer plays files against one deployment. Use it inside a bubble.
type goldenPlayer struct {
	t          *testing.T
	deployment *deployment.Deployment
	listener   *memnet.Listener
	issuer     *goldenIssuer
	bound      bindings
	sockets    map[string]*goldenSocket
}

func newGoldenPlayer(t *testing.T) *goldenPlayer {
	issuer := newGoldenIssuer(t)
	listener := memnet.Listen()
	d, err := deployment.Start(context.Background(), deployment.Config{
		Store: devtest.NewStore(), Listener: listener, Functions: goldenFunctions(), Tables: goldenTables(), Controls: true,
		Providers: issuer.providers(), Client: issuer.client, Now: goldenNow,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	d.DelayBy(goldenDelay)
	return &goldenPlayer{t: t, deployment: d, listener: listener, issuer: issuer}
}

// goldenDelay is how long functions take, more or less as recorded, so that messages sent together arrive while the first of them is
// handled.
func goldenDelay(kind call.Kind) time.Duration {
	if kind == call.Mutation {
		return 5 * time.Millisecond
	}
	return time.Millisecond
}

// goldenNow moves a bubble's clock, which begins in 2000, to the time of the recordings.
func goldenNow() time.Time { return time.Now().AddDate(26, 10, 29) }

// play plays the cases of a file.
func (p *goldenPlayer) play(file goldenFile) {
	for _, c := range file.Cases {
		p.bound, p.sockets = p.constants(), map[string]*goldenSocket{}
		for i, step := range c.Steps {
			if err := p.step(step); err != nil {
				p.t.Errorf("%s, step %d: %v", c.Name, i+1, err)
			}
		}
		for _, s := range p.sockets {
			_ = s.conn.Close()
		}
		synctest.Wait()
	}
}

func (p *goldenPlayer) constants() bindings {
	key := p.deployment.AdminKey()
	_, secret, _ := strings.Cut(key, "|")
	host := strings.TrimPrefix(p.deployment.URL(), "http://")
	b := bindings{
		"adminKey": key, "adminSecret": secret, "host": host, "site": host, "issuer": issuerURL, "deadIssuer": deadIssuerURL,
	}
	maps.Copy(b, p.issuer.tokens)
	return b
}

func (p *goldenPlayer) step(step goldenStep) error {
	s := p.sockets[step.WS]
	switch {
	case step.HTTP != nil:
		return p.http(step)
	case step.Open != nil:
		return p.open(step)
	case step.SleepMs > 0:
		return wait.For(p.t.Context(), time.Duration(step.SleepMs)*time.Millisecond)
	case step.Mint != nil:
		p.bound["token:"+step.Mint.Name] = p.issuer.mint(claims{"sub": step.Mint.Sub, "exp": in(step.Mint.TTLSeconds)})
	case s == nil || s.ended:
		return unexpected(step.Recv)
	case step.Send != nil:
		s.send(0x1, true, []byte(p.bound.fill(*step.Send)))
	case step.SendFrame != nil:
		payload, err := base64.StdEncoding.DecodeString(step.SendFrame.PayloadBase64)
		s.send(step.SendFrame.Op, step.SendFrame.Fin, payload)
		return err
	case step.Abort:
		return s.conn.Close()
	default:
		return p.recv(s, step)
	}
	return nil
}

func unexpected(recv []string) error {
	if len(recv) > 0 {
		return errors.New("the socket is closed")
	}
	return nil
}

func (p *goldenPlayer) recv(s *goldenSocket, step goldenStep) error {
	const ms = time.Millisecond
	texts, end := s.recv(time.Duration(step.QuietMs)*ms, time.Duration(step.ForMs)*ms)
	err := p.received(texts, end, step.Recv, step.Close, step.Dropped)
	for _, other := range step.Alternatives {
		if err != nil && p.received(texts, end, other.Recv, other.Close, other.Dropped) == nil {
			return nil
		}
	}
	return err
}

// received compares what came with what was recorded. It keeps no bindings of a comparison that fails.
func (p *goldenPlayer) received(texts []string, end goldenEvent, recorded []string, closed *goldenClose, cut bool) error {
	b := maps.Clone(p.bound)
	for i, text := range texts {
		if i >= len(recorded) {
			return fmt.Errorf("one message more: %.600s", text)
		}
		if err := b.match(recorded[i], text); err != nil {
			return fmt.Errorf("message %d %w", i+1, err)
		}
	}
	if len(texts) < len(recorded) {
		return fmt.Errorf("%d messages, not %d; the next: %.600s", len(texts), len(recorded), recorded[len(texts)])
	}
	p.bound = b
	switch {
	case cut != end.cut:
		return fmt.Errorf("cut: %t, recorded %t", end.cut, cut)
	case (closed == nil) != (end.close == nil), closed != nil && *closed != *end.close:
		return fmt.Errorf("close frame %v, recorded %v", end.close, closed)
	default:
		return nil
	}
}

// sortedList is a header's list in one order, without duplicates, as the recordings have it.
func sortedList(values []string) string {
	var list []string
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		list = append(list, strings.ToLower(strings.TrimSpace(part)))
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ",")
}
