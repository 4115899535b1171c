package deployment

import (
	"context"
	"net"
	"net/http"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/call"
)

// Restart has the effect of a restart of the deployment's process: HTTP connections are dropped, running calls are cancelled and
// cannot commit any more, snapshots for query_at_ts and cached keys of issuers are dropped. The store, the faults, the counts
// and the address stay. Sync sockets end, too, with close code 1011 (CutSockets is how a killed process ends them), but for
// keepSockets, which is as if a proxy kept them: then a socket ends with close code 1011 if a mutation or action of it was
// cancelled. Restart does not wait for handlers that ignore their context.
func (d *Deployment) Restart(keepSockets bool) { d.restart(keepSockets, nil) }

// restart does not drop the connection except.
func (d *Deployment) restart(keepSockets bool, except net.Conn) {
	d.db.Restart()
	d.verifier.DropKeys()
	d.mu.Lock()
	end, conns := d.endProcess, d.conns
	d.process, d.endProcess = context.WithCancel(d.ctx)
	d.conns = map[net.Conn]struct{}{}
	if _, ok := conns[except]; ok {
		d.conns[except] = struct{}{}
		delete(conns, except)
	}
	d.mu.Unlock()
	end()
	for c := range conns {
		_ = c.Close()
	}
	if !keepSockets {
		d.CloseSockets(int(websocket.StatusInternalError), call.ErrInternal.Code)
	}
}

// running is the context of calls that are not part of an HTTP request. It ends when the deployment closes or restarts.
func (d *Deployment) running() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.process
}

// trackConn keeps the list of HTTP connections.
func (d *Deployment) trackConn(c net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch state {
	case http.StateNew:
		d.conns[c] = struct{}{}
	case http.StateHijacked, http.StateClosed:
		delete(d.conns, c)
	}
}

type connKey struct{}

// withConn puts the connection into the contexts of its requests.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

func connOf(ctx context.Context) net.Conn { return ctx.Value(connKey{}).(net.Conn) }
