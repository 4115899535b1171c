package admin

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"convexgateway/server/call"
	"convexgateway/server/live"
)

// Bounds of a list of streams.
const (
	defaultLimit = 1_000
	maxLimit     = 10_000
	maxText      = 256 // bytes of a name in it
)

// listed is a stream in a list: never arguments, results or tokens.
type listed struct {
	Subject  string `json:"subject,omitempty"`
	Session  string `json:"session,omitempty"`
	Path     string `json:"path,omitempty"`
	Client   string `json:"client,omitempty"`
	Address  string `json:"address"`
	Protocol string `json:"protocol"`
	Age      int64  `json:"ageSeconds"`
	Bytes    int64  `json:"bytes"`
}

// streams lists the open streams of this replica, a JSON object a line, and last how many were selected. It sends limit lines at most, however
// many there are, and at most maxLists callers are sent lists at once: a slow reader of one keeps no more than that.
func (h *Handler) streams(w http.ResponseWriter, r *http.Request) {
	if h.lists.Add(1) > maxLists {
		h.lists.Add(-1)
		fail(w, http.StatusTooManyRequests, "other lists are being sent: try again")
		return
	}
	defer h.lists.Add(-1)
	query := r.URL.Query()
	limit := defaultLimit
	if text := query.Get("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxLimit {
			fail(w, http.StatusBadRequest, "limit: must be from 1 to 10000")
			return
		}
	}
	path, err := canonical(query.Get("path"))
	if err != nil {
		fail(w, http.StatusBadRequest, call.CutText(err.Error(), maxText))
		return
	}
	found, all := h.Streams.List(live.Filter{Subject: query.Get("subject"), Session: query.Get("session"), Path: path}, limit)
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	for _, s := range found {
		if lines.Encode(line(s)) != nil {
			return
		}
	}
	_ = lines.Encode(map[string]int{"streams": all, "listed": len(found)})
}

func line(s live.Info) listed {
	return listed{
		Subject: call.CutText(s.Subject, maxText), Session: call.CutText(s.Session, maxText), Path: call.CutText(s.Path, maxText),
		Client: s.Client, Address: s.Address, Protocol: s.Protocol, Age: int64(time.Since(s.Opened).Seconds()), Bytes: s.Bytes,
	}
}

func (h *Handler) blocks(w http.ResponseWriter, _ *http.Request) {
	reply(w, map[string]any{"blocks": h.Blocks.list()})
}
