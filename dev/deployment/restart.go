package deployment

import (
	"context"
	"net"
	"net/http"
)

// Restart does to clients what a restart of the deployment's process does: HTTP connections drop, what runs is cancelled and
// can commit no more, snapshots for query_at_ts and cached keys of issuers are forgotten. The store, the switches and the
// counts stay, and so does the address. Sync sockets drop too, unless keepSockets says that something in front of the
// deployment holds them; then those end with close code 1011 whose mutation or action died. It does not wait for handlers
// that ignore their context.
func (d *Deployment) Restart(keepSockets bool) { d.restart(keepSockets, nil) }

// restart spares the connection that asks for it.
func (d *Deployment) restart(keepSockets bool, asking net.Conn) {
	d.db.Restart()
	d.verifier.ForgetKeys()
	d.mu.Lock()
	end, conns := d.endProcess, d.conns
	d.process, d.endProcess = context.WithCancel(d.ctx)
	d.conns = map[net.Conn]struct{}{}
	if _, ok := conns[asking]; ok {
		d.conns[asking] = struct{}{}
		delete(conns, asking)
	}
	d.mu.Unlock()
	end()
	for c := range conns {
		_ = c.Close()
	}
	if !keepSockets {
		d.sync.CutSockets()
	}
}

// running is the context of what runs apart from a request. It ends with the deployment, and when it restarts.
func (d *Deployment) running() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.process
}

// trackConn keeps the list of connections that HTTP is spoken on.
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

// withConn lets a handler find the connection under its request, to cut it.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

func connOf(ctx context.Context) net.Conn { return ctx.Value(connKey{}).(net.Conn) }
