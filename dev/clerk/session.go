package clerk

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Session statuses (clerk/openapi-specs bapi/2026-05-12.yml).
const (
	StatusActive    = "active"
	StatusPending   = "pending"
	StatusRevoked   = "revoked"
	StatusEnded     = "ended"
	StatusRemoved   = "removed"
	StatusReplaced  = "replaced"
	StatusExpired   = "expired"
	StatusAbandoned = "abandoned"
)

// sessionLifetime is the default lifetime of Clerk's sessions.
const sessionLifetime = 7 * 24 * time.Hour

// Session is a sign-in of a user.
type Session struct {
	ID     string // sess_…
	User   string // user_…
	Status string
	TTL    time.Duration  // of its minted tokens, in whole seconds; 0: the instance's
	Claims map[string]any // replace claims of its minted tokens; nil removes one. Claims of a single token, such as exp, are left out

	createdAt, updatedAt time.Time
}

// SessionOf is the usual session id of a user: sess_ada for user_ada.
func SessionOf(user string) string { return "sess_" + strings.TrimPrefix(user, "user_") }

// mints reports whether the session has tokens. Those of a pending one have that status in sts.
func (s Session) mints() bool { return s.Status == StatusActive || s.Status == StatusPending }

// CreateSession signs a user in and returns the new session's id.
func (c *Instance) CreateSession(user string) (sessionID string) {
	s := Session{ID: "sess_" + randomHex(12), User: user}
	c.PutSession(s)
	return s.ID
}

// PutSession adds a session, or replaces the one of that id. An empty Status is active. No event is delivered.
func (c *Instance) PutSession(s Session) {
	if s.Status == "" {
		s.Status = StatusActive
	}
	s.Claims = maps.Clone(s.Claims)
	s.createdAt, s.updatedAt = c.now(), c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.sessions[s.ID]; old != nil {
		s.createdAt = old.createdAt
	}
	c.sessions[s.ID] = &s
}

// Session returns the session of that id.
func (c *Instance) Session(id string) (Session, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.sessions[id]
	if s == nil {
		return Session{}, false
	}
	return *s, true
}

// Revoke ends a session as an application does, and delivers session.revoked. Errors are those of SetStatus.
func (c *Instance) Revoke(sessionID string) error { return c.SetStatus(sessionID, StatusRevoked) }

// statusEvents are the events of new statuses.
var statusEvents = map[string]string{
	StatusPending: "session.pending", StatusRevoked: "session.revoked",
	StatusEnded: "session.ended", StatusRemoved: "session.removed",
}

// SetStatus changes a session's status and delivers the event of the status, if there is one. It fails for an unknown session, and
// for a failed delivery; then the status has changed nevertheless.
func (c *Instance) SetStatus(sessionID, status string) error {
	c.mu.Lock()
	s := c.sessions[sessionID]
	if s == nil {
		c.mu.Unlock()
		return fmt.Errorf("clerk: no session %s", sessionID)
	}
	s.Status, s.updatedAt = status, c.now()
	data := s.json()
	c.mu.Unlock()
	if event := statusEvents[status]; event != "" {
		return c.Deliver(context.Background(), event, data)
	}
	return nil
}

// DeleteUser deletes the user's sessions and delivers user.deleted.
func (c *Instance) DeleteUser(user string) error {
	c.mu.Lock()
	maps.DeleteFunc(c.sessions, func(_ string, s *Session) bool { return s.User == user })
	c.mu.Unlock()
	return c.Deliver(context.Background(), "user.deleted", map[string]any{"object": "user", "id": user, "deleted": true, "external_id": nil})
}

// BanUser revokes the user's sessions and delivers user.updated, and nothing for the sessions.
func (c *Instance) BanUser(user string) error {
	c.mu.Lock()
	for _, s := range c.sessions {
		if s.User == user {
			s.Status, s.updatedAt = StatusRevoked, c.now()
		}
	}
	c.mu.Unlock()
	return c.Deliver(context.Background(), "user.updated", userJSON(user, true))
}

// json is the session in answers of the Backend API and in events. Times are in milliseconds.
func (s *Session) json() map[string]any {
	return map[string]any{
		"object": "session", "id": s.ID, "user_id": s.User, "client_id": "client_" + strings.TrimPrefix(s.ID, "sess_"),
		"status": s.Status, "actor": nil, "last_active_organization_id": nil,
		"last_active_at": s.updatedAt.UnixMilli(), "created_at": s.createdAt.UnixMilli(), "updated_at": s.updatedAt.UnixMilli(),
		"expire_at": s.createdAt.Add(sessionLifetime).UnixMilli(), "abandon_at": s.createdAt.Add(4 * sessionLifetime).UnixMilli(),
	}
}

func userJSON(user string, banned bool) map[string]any {
	return map[string]any{"object": "user", "id": user, "banned": banned, "locked": false, "external_id": nil}
}
