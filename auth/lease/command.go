package lease

import (
	"errors"
	"time"
)

// MaxBlock is how long a function can be blocked.
const MaxBlock = 24 * time.Hour

// maxName bounds the names in a command, in bytes.
const maxName = 1024

// Command is what an operator has all replicas do: to disconnect streams that are open now, or to block a function.
type Command struct {
	// Subject, Session and Path select the streams to disconnect: those to which all that are not empty apply. Path is canonical.
	Subject string `json:"subject,omitempty"`
	Session string `json:"session,omitempty"`
	Path    string `json:"path,omitempty"`
	// Block has Path blocked until Until, and replaces an earlier command for it; a time up to At ends a block. Its streams are disconnected.
	Block bool      `json:"block,omitempty"`
	Until time.Time `json:"until,omitzero"`
	At    time.Time `json:"at"` // when it was given
}

// Check returns why a command is none; nil if it is one. Its text quotes nothing.
func (c *Command) Check() error {
	switch {
	case len(c.Subject) > maxName || len(c.Session) > maxName || len(c.Path) > maxName:
		return errors.New("command: subject, session and path have 1024 bytes at most")
	case c.Block && c.Path == "":
		return errors.New("command: a block needs a path")
	case c.Subject == "" && c.Session == "" && c.Path == "":
		return errors.New("command: needs a subject, a session or a path")
	case c.At.IsZero() || c.Until.After(c.At.Add(MaxBlock)):
		return errors.New("command: at, until: a block lasts 24 hours at most")
	}
	return nil
}
