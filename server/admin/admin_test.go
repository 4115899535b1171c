package admin

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"convexgateway/auth/lease"
	"convexgateway/convex"
	"convexgateway/server/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "a-token-of-the-tests-0123456789"

func newHandler(log *bytes.Buffer) *Handler {
	var guard Guard
	guard.SetToken(token)
	return New(Options{Streams: live.New(live.Options{}), Blocks: new(Blocks), Guard: &guard, Logger: slog.New(slog.NewTextHandler(log, nil))})
}

func send(h *Handler, w http.ResponseWriter, method, route, body string) {
	r := httptest.NewRequest(method, "/admin/v1/"+route, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	h.ServeHTTP(w, r)
}

// stopped is a reader that takes nothing until it is released.
type stopped struct {
	*httptest.ResponseRecorder
	release chan struct{}
}

func (s stopped) Write(b []byte) (int, error) {
	<-s.release
	return s.ResponseRecorder.Write(b)
}

// Readers who have stopped keep maxLists lists, and no more; commands go on beside them.
func TestSlowReadersOfLists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHandler(new(bytes.Buffer))
		release := make(chan struct{})
		var readers sync.WaitGroup
		for range maxLists {
			readers.Go(func() { send(h, stopped{httptest.NewRecorder(), release}, "GET", "streams", "") })
		}
		synctest.Wait()
		over := httptest.NewRecorder()
		send(h, over, "GET", "streams", "")
		command := httptest.NewRecorder()
		send(h, command, "POST", "disconnect", `{"subject":"a"}`)
		close(release)
		readers.Wait()
		again := httptest.NewRecorder()
		send(h, again, "GET", "streams", "")
		if over.Code != 429 || command.Code != 200 || again.Code != 200 {
			t.Errorf("%d over the bound, %d of a command, %d afterwards", over.Code, command.Code, again.Code)
		}
	})
}

// A block ends by itself, a command that is older than the newest of its path changes nothing, and what is over is forgotten.
func TestBlocksInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b Blocks
		path, err := convex.ParsePath("a:b")
		if err != nil {
			t.Fatal(err)
		}
		is := func(want bool, when string) {
			t.Helper()
			if got := b.Check(path) != nil; got != want {
				t.Errorf("%s: blocked %v", when, got)
			}
		}
		apply := func(at time.Time, length time.Duration) {
			t.Helper()
			if err := b.apply(&lease.Command{Block: true, Path: path.Canonical(), At: at, Until: at.Add(length)}); err != nil {
				t.Fatal(err)
			}
		}
		is(false, "at first")
		began := time.Now()
		apply(began, time.Minute)
		is(true, "with a block")
		time.Sleep(time.Minute)
		is(false, "after it")
		apply(time.Now(), time.Hour)
		apply(began, 0)
		is(true, "an older command arrives late")
		apply(time.Now(), 0)
		is(false, "unblocked")
		apply(began, 24*time.Hour)
		is(false, "an older block arrives late")
		time.Sleep(lease.MaxBlock + time.Second)
		apply(began, lease.MaxBlock)
		is(false, "a block of long ago")
		for i := range maxBlocks {
			if err := b.apply(&lease.Command{Block: true, Path: fmt.Sprint(i), At: time.Now(), Until: time.Now().Add(time.Hour)}); err != nil {
				t.Fatalf("block %d: %v", i, err)
			}
		}
		if err := b.apply(&lease.Command{Block: true, Path: "more", At: time.Now(), Until: time.Now().Add(time.Hour)}); err == nil {
			t.Error("over the bound")
		}
	})
}

// Many wrong requests make few lines, and none has what they sent.
func TestRefusalsInTheLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := newHandler(&log)
	for range 1_000 {
		r := httptest.NewRequest(http.MethodPost, "/admin/v1/drain", strings.NewReader("{}"))
		r.Header.Set("Authorization", "Bearer guessed-guessed-guessed")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if n := strings.Count(log.String(), "\n"); n == 0 || n > 20 || strings.Contains(log.String(), "guessed") {
		t.Errorf("%d lines: %.300s", n, log.String())
	}
}

// No body does harm: what is no command is refused with 400.
func FuzzCommand(f *testing.F) {
	for _, seed := range []string{`{"subject":"user_ada"}`, `{"path":"a:b","for":"1h"}`, `{}`, `[]`, `{"path":"a b"}`, `{"session":"s"} {}`, "\x00"} {
		f.Add("disconnect", seed)
		f.Add("block", seed)
	}
	h := newHandler(new(bytes.Buffer))
	f.Fuzz(func(t *testing.T, name, body string) {
		if name != "disconnect" && name != "block" && name != "unblock" {
			return
		}
		w := httptest.NewRecorder()
		send(h, w, "POST", name, body)
		if w.Code != 200 && w.Code != 400 && w.Code != 429 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
