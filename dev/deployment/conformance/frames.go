package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/coder/websocket"

	"convexgateway/convex"
	"convexgateway/convex/live"
	"convexgateway/dev/deployment"
)

// Files of the suite frames, from its folder.
const (
	recording = "recorded.jsonl"
	fixture   = "../testdata/frames.jsonl"
)

const recordingTime = time.Minute

// recordAllFrames makes both recordings that the crate checks.
func recordAllFrames(ctx context.Context, d *deployment.Deployment, dir string) error {
	if err := recordFrames(ctx, d, dir); err != nil {
		return err
	}
	return recordSentFrames(ctx, dir)
}

// recordFrames records messages of every kind between this module's client and the deployment.
func recordFrames(ctx context.Context, d *deployment.Deployment, dir string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, recordingTime)
	defer cancel()
	file, err := os.Create(filepath.Join(dir, recording)) //nolint:gosec // of this module
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	defer func() { err = errors.Join(err, out.Flush(), file.Close()) }()
	r, err := startRecorder(d.URL(), out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for _, e := range exchanges {
		if err := e.run(ctx, r.url); err != nil {
			return fmt.Errorf("exchange up to %s: %w", e.until, err)
		}
	}
	if err := liveQueries(ctx, d, r.url); err != nil {
		return fmt.Errorf("live queries: %w", err)
	}
	return nil
}

// liveQueries makes this module's sync client handle results, errors, pages, a removal, a lost socket and a newer token.
func liveQueries(ctx context.Context, d *deployment.Deployment, url string) error {
	client, err := live.New(url, live.Options{Linger: -1})
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	user, err := credential(d)
	if err != nil {
		return err
	}
	for _, c := range []convex.Credential{{}, user} {
		if err := cutOnce(ctx, d, client, c); err != nil {
			return err
		}
	}
	return renewed(ctx, d, client, user)
}

// cutOnce subscribes to queries, keeps one of them, and waits until it has a new socket after a drop.
func cutOnce(ctx context.Context, d *deployment.Deployment, client *live.Client, credential convex.Credential) error {
	kept, err := follow(ctx, client, credential, "messages:page", `{"paginationOpts":{"cursor":null,"id":1,"numItems":5}}`)
	if err != nil {
		return err
	}
	defer kept.Close()
	for path, args := range map[string]string{"values:echo": `{"value":{"$integer":"AQAAAAAAAAA="}}`, "errors:convex": `{"data":null}`, "errors:crash": `{}`, "users:me": `{}`} {
		dropped, err := follow(ctx, client, credential, path, args)
		if err != nil {
			return err
		}
		dropped.Close()
	}
	before := d.Stats().SocketsOpened
	d.CutSockets()
	if err := eventually(ctx, func() bool { return d.Stats().SocketsOpened > before }); err != nil {
		return err
	}
	return await(ctx, kept, func(s live.State) bool { return s.Link == live.Connected })
}

// follow subscribes and waits for the first outcome.
func follow(ctx context.Context, client *live.Client, credential convex.Credential, name, args string) (*live.Subscription, error) {
	path, err := convex.ParsePath(name)
	if err != nil {
		return nil, err
	}
	canonical, err := convex.CanonicalArguments([]byte(args))
	if err != nil {
		return nil, err
	}
	sub, err := client.Subscribe(credential, path, canonical, live.SubscribeOptions{})
	if err != nil {
		return nil, err
	}
	return sub, await(ctx, sub, func(s live.State) bool { return s.Result != nil })
}

// renewed gives a subscription another token of the same user, and waits until the deployment has it.
func renewed(ctx context.Context, d *deployment.Deployment, client *live.Client, user convex.Credential) error {
	sub, err := follow(ctx, client, user, "users:me", `{}`)
	if err != nil {
		return err
	}
	defer sub.Close()
	newer, err := credential(d)
	if err != nil {
		return err
	}
	newer.Expires = user.Expires.Add(time.Second)
	before := d.Stats().Authenticates
	sub.Renew(newer)
	return eventually(ctx, func() bool { return d.Stats().Authenticates > before })
}

const pollInterval = 10 * time.Millisecond

// eventually polls until something has happened.
func eventually(ctx context.Context, happened func() bool) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for !happened() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func await(ctx context.Context, sub *live.Subscription, wanted func(live.State) bool) error {
	for state := sub.State(); !wanted(state); {
		var err error
		if state, err = sub.Next(ctx); err != nil {
			return err
		}
		if state.Err != nil {
			return state.Err
		}
	}
	return nil
}

// credential has a token near its end, which the client replaces by a newer one.
func credential(d *deployment.Deployment) (convex.Credential, error) {
	token, err := d.Token(deployment.TokenRequest{User: "ada"})
	now := time.Now()
	return convex.Credential{Identity: convex.Identity{1}, Token: token, Issued: now.Add(-time.Hour), Expires: now.Add(time.Minute)}, err
}

// exchange is messages to the deployment that this module's client does not send.
type exchange struct {
	client string   // the client's name and version; empty for none
	sends  []string // at once
	until  string   // the kind of the last answer
	times  int      // how many answers of that kind there are
}

const connects = `{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"lastCloseReason":"InitialConnect","clientTs":1766000000000}`

var exchanges = []exchange{
	{until: "MutationResponse", times: 3, sends: []string{
		connects,
		`{"type":"Mutation","requestId":0,"udfPath":"counter:add","args":[{"name":"frames"}]}`,
		`{"type":"Mutation","requestId":1,"udfPath":"errors:convexMutation","args":[{"data":null}]}`,
		`{"type":"Mutation","requestId":2,"udfPath":"errors:crashMutation","args":[{}]}`,
	}},
	{until: "ActionResponse", times: 2, sends: []string{
		connects,
		`{"type":"Action","requestId":0,"udfPath":"actions:sleep","args":[{"ms":1}]}`,
		`{"type":"Action","requestId":1,"udfPath":"actions:sleep","args":[{"ms":-1}]}`,
	}},
	{until: "Transition", times: 2, sends: []string{
		connects,
		`{"type":"Authenticate","baseVersion":0,"tokenType":"None"}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"testing:log","args":[{}]},{"type":"Add","queryId":1,"udfPath":"counter:get","args":[{"name":"frames"}]}]}`,
		`{"type":"ModifyQuerySet","baseVersion":1,"newVersion":2,"modifications":[{"type":"Remove","queryId":0}]}`,
		`{"type":"Mutation","requestId":3,"udfPath":"counter:add","args":[{"name":"frames"}]}`,
	}},
	{until: "TransitionChunk", times: 2, client: "npm-1.48.0", sends: []string{
		connects,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"testing:big","args":[{"bytes":6000000}]}]}`,
	}},
	{until: "AuthError", times: 1, sends: []string{connects, `{"type":"Authenticate","baseVersion":0,"tokenType":"User","value":"not.a.token"}`}},
	{until: "FatalError", times: 1, sends: []string{connects, `{"type":"ModifyQuerySet","baseVersion":3,"newVersion":4,"modifications":[]}`}},
}

// run sends everything at once, and reads to the last answer.
func (e exchange) run(ctx context.Context, url string) error {
	c, _, err := websocket.Dial(ctx, url+"/api/sync", &websocket.DialOptions{HTTPHeader: map[string][]string{"Convex-Client": {e.client}}}) //nolint:bodyclose // the library does
	if err != nil {
		return err
	}
	defer func() { _ = c.CloseNow() }()
	c.SetReadLimit(maxRecorded)
	for _, message := range e.sends {
		if err := c.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
			return err
		}
	}
	for left := e.times; left > 0; {
		kind, err := readKind(ctx, c)
		if err != nil {
			return err
		}
		if kind == e.until {
			left--
		}
	}
	return nil
}

func readKind(ctx context.Context, c *websocket.Conn) (string, error) {
	_, message, err := c.Read(ctx)
	if err != nil {
		return "", err
	}
	var kind struct {
		Type string `json:"type"`
	}
	return kind.Type, json.Unmarshal(message, &kind)
}
