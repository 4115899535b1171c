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

// Feed publishes updates at one URL, and remembers what they were: whatever streams are sent must be one of them.
type Feed struct {
	url string

	mu     sync.Mutex
	seq    int
	values map[int]any
}

// remembered is how many updates a stream may be behind before they count as wrong.
const remembered = 256

// NewFeed publishes by POST to the URL.
func NewFeed(url string) *Feed { return &Feed{url: url, values: map[int]any{}} }

// Publish makes an update of about size bytes and returns its number.
func (f *Feed) Publish(ctx context.Context, size int) (int, error) {
	seq, text := f.next(size)
	return seq, f.send(ctx, text)
}

// Newest is the number of the last update.
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
	delete(f.values, f.seq-remembered)
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

// check returns the number of the update that a value is, and says whether all of it is right.
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
