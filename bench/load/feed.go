package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"sync"

	"convexgateway/bench/wire"
)

// Feed publishes updates at one URL, and keeps the newest ones to compare received values with.
type Feed struct {
	url string

	mu     sync.Mutex
	seq    int
	values map[int]any
}

// kept is how many updates a stream may be behind before they count as wrong.
const kept = 256

// NewFeed returns a feed that publishes by POST to the URL.
func NewFeed(url string) *Feed { return &Feed{url: url, values: map[int]any{}} }

// Publish publishes an update of about size bytes and returns its number.
func (f *Feed) Publish(ctx context.Context, size int) (int, error) {
	seq, text := f.next(size)
	return seq, f.send(ctx, text)
}

// Newest returns the number of the last update.
func (f *Feed) Newest() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seq
}

func (f *Feed) next(size int) (int, []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	text := wire.NewUpdate(f.seq, size)
	var value any
	_ = json.Unmarshal(text, &value) // our own
	f.values[f.seq] = value
	delete(f.values, f.seq-kept)
	return f.seq, text
}

func (f *Feed) send(ctx context.Context, text []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url, bytes.NewReader(text))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("publishing: %s", resp.Status)
	}
	return nil
}

// check returns the number of the update that a value is equal to.
func (f *Feed) check(value any) (int, error) {
	object, _ := value.(map[string]any)
	number, ok := object["seq"].(float64)
	if !ok {
		return 0, fmt.Errorf("a value without a number: %.80v", value)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if want := f.values[int(number)]; !reflect.DeepEqual(value, want) {
		return 0, fmt.Errorf("update %v has a wrong value", number)
	}
	return int(number), nil
}
