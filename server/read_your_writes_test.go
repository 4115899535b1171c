package server

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// startDelay starts a proxy in front of an address, and returns its own. What comes from there arrives a delay later.
func startDelay(t *testing.T, address string, delay time.Duration) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			deployment, err := net.Dial("tcp", address)
			if err != nil {
				client.Close()
				return
			}
			go func() {
				defer deployment.Close()
				_, _ = io.Copy(deployment, client)
			}()
			go func() {
				defer client.Close()
				_, _ = io.Copy(client, delayed{deployment, delay})
			}()
		}
	}()
	return l.Addr().String()
}

// delayed returns what it reads after a delay.
type delayed struct {
	io.Reader
	delay time.Duration
}

func (d delayed) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	<-time.NewTimer(d.delay).C
	return n, err
}

// The commit time of a mutation through one replica, as the min_read_time of a stream through another, makes its first result reflect the
// mutation. A time that the deployment has not reached itself does not hold it back; it has its true read_time.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	writer := start(t, func(c *Config) { c.ClusterKeys = Keys{newClusterKey()} })
	late := startDelay(t, strings.TrimPrefix(writer.dev.URL(), "http://"), 20*time.Millisecond)
	reader := startUpstream(t, Upstream{ConvexURL: "http://" + late, Issuers: []string{writer.dev.IssuerURL()}}, func(c *Config) { c.MaxReadWait = patience })
	kept := reader.subscribe(reader.context(), counterQuery("n")) // other streams have its newest result at once
	wantValue(t, result(kept), "0")
	for i := range 20 {
		written, err := writer.functions.Mutate(writer.context(), &gatewayv1.MutateRequest{
			Path: "counter:add", ArgsJson: []byte(`{"name":"n"}`), RequestId: randomID(),
		})
		if err != nil {
			t.Fatal(err)
		}
		query := counterQuery("n")
		query.MinReadTime = written.GetCommitTime()
		first := result(reader.subscribe(reader.context(), query))
		wantValue(t, first, fmt.Sprint(i+1))
		if first.GetReadTime().AsTime().Before(written.GetCommitTime().AsTime()) {
			t.Errorf("read at %v, committed at %v", first.GetReadTime(), written.GetCommitTime())
		}
	}

	query, ahead := counterQuery("n"), time.Now().Add(time.Hour)
	query.MinReadTime = timestamppb.New(ahead)
	began := time.Now()
	first := result(reader.subscribe(reader.context(), query))
	wantValue(t, first, "20")
	if time.Since(began) >= patience || !first.GetReadTime().AsTime().Before(ahead) {
		t.Errorf("after %v, read at %v", time.Since(began), first.GetReadTime())
	}
}
