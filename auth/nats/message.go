package nats

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
)

const (
	version = 1
	// maxMessageBytes is far more than a token of 8 KiB needs, and far less than NATS carries (1 MiB by default).
	maxMessageBytes = 64 << 10
	maxTokenBytes   = 8 << 10
	maxSubjectBytes = 256
	maxReasonBytes  = 64
	// all is the last part of the subject that all replicas subscribe to. An id is longer.
	all = "all"
)

// id names a replica or a notice.
type id [16]byte

func newID() (i id) {
	_, _ = rand.Read(i[:]) // never fails
	return i
}

// String returns a valid part of a subject.
func (i id) String() string { return base64.RawURLEncoding.EncodeToString(i[:]) }

// message is what replicas send each other: a notice, a recall of those since a time, or, as the end of an answer, that there are
// more since a time.
type message struct {
	ID     id
	From   id
	At     time.Time // when it was first sent
	Notice lease.Notice
	Recall bool
	More   bool
	Since  time.Time // of Recall and More
}

// The form on the wire. It may grow: unknown members are ignored. What an older replica would misread
// needs a new version, which that replica ignores as a whole.
type (
	wireMessage struct {
		Version    int             `json:"v"`
		ID         []byte          `json:"id"`
		From       []byte          `json:"from"`
		At         time.Time       `json:"at"`
		Revocation *wireRevocation `json:"revocation,omitempty"`
		Refresh    *wireRefresh    `json:"refresh,omitempty"`
		Ticket     *wireTicket     `json:"ticket,omitempty"`
		Command    *lease.Command  `json:"command,omitempty"`
		Recall     *wireRecall     `json:"recall,omitempty"`
		More       *wireRecall     `json:"more,omitempty"`
	}
	wireRevocation struct {
		Issuer     string    `json:"issuer"`
		SessionID  string    `json:"sessionId,omitempty"`
		Subject    string    `json:"subject,omitempty"`
		OneSignIn  bool      `json:"oneSignIn,omitempty"`
		IssuedUpTo time.Time `json:"issuedUpTo"`
		Reason     string    `json:"reason"`
	}
	wireRefresh struct {
		KeyHash    []byte `json:"keyHash"`
		Token      string `json:"token"`
		OnBehalfOf string `json:"onBehalfOf,omitempty"`
	}
	wireTicket struct {
		ID    []byte    `json:"id"`
		Owner []byte    `json:"owner,omitempty"`
		Until time.Time `json:"until"`
	}
	wireRecall struct {
		Since time.Time `json:"since"`
	}
)

// codec writes and reads messages, sealed if there are keys.
type codec struct{ *sealer }

func newCodec(keys [][]byte, subject string) (codec, error) {
	s, err := newSealer(keys, subject)
	return codec{s}, err
}

func (c codec) encode(m message) ([]byte, error) {
	w := wireMessage{Version: version, ID: m.ID[:], From: m.From[:], At: m.At}
	if r := m.Notice.Revocation; r != nil {
		w.Revocation = &wireRevocation{r.Issuer, r.SessionID, r.Subject, r.OneSignIn, r.IssuedUpTo, string(r.Reason)}
	}
	if r := m.Notice.Refresh; r != nil {
		w.Refresh = &wireRefresh{r.KeyHash[:], r.Token, r.OnBehalfOf}
	}
	if t := m.Notice.Ticket; t != nil {
		w.Ticket = &wireTicket{ID: t.ID[:], Until: t.Until}
		if t.Owner != [16]byte{} {
			w.Ticket.Owner = t.Owner[:]
		}
	}
	w.Command = m.Notice.Command
	if m.Recall {
		w.Recall = &wireRecall{m.Since}
	}
	if m.More {
		w.More = &wireRecall{m.Since}
	}
	plain, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	data := c.seal(plain)
	if len(data) > maxMessageBytes {
		return nil, fmt.Errorf("a notice of %d bytes: at most %d", len(data), maxMessageBytes)
	}
	return data, nil
}

// decode reads a message. Errors quote nothing of it.
func (c codec) decode(data []byte) (message, error) {
	if len(data) > maxMessageBytes {
		return message{}, fmt.Errorf("%d bytes: at most %d", len(data), maxMessageBytes)
	}
	plain, err := c.open(data)
	if err != nil {
		return message{}, err
	}
	var w wireMessage
	if json.Unmarshal(plain, &w) != nil {
		return message{}, errors.New("not the JSON of a notice: is it sealed with a key that this replica does not have?")
	}
	if w.Version != version {
		return message{}, fmt.Errorf("version %d: this replica reads %d", w.Version, version)
	}
	return w.read()
}

func (w wireMessage) read() (message, error) {
	m := message{At: w.At}
	if !copyExactly(m.ID[:], w.ID) || !copyExactly(m.From[:], w.From) {
		return message{}, errors.New("id, from: must have 16 bytes")
	}
	if w.Recall != nil {
		m.Recall, m.Since = true, w.Recall.Since
		return m, nil
	}
	if w.More != nil {
		m.More, m.Since = true, w.More.Since
		return m, nil
	}
	var err error
	switch {
	case w.Revocation != nil:
		m.Notice.Revocation, err = w.Revocation.read()
	case w.Refresh != nil:
		m.Notice.Refresh, err = w.Refresh.read()
	case w.Ticket != nil:
		m.Notice.Ticket, err = w.Ticket.read()
	case w.Command != nil:
		m.Notice.Command, err = w.Command, w.Command.Check()
	default:
		err = errors.New("a kind of notice that is unknown to this replica")
	}
	return m, err
}

func (w wireRevocation) read() (*auth.Revocation, error) {
	r := auth.Revocation{
		Issuer: w.Issuer, SessionID: w.SessionID, Subject: w.Subject, OneSignIn: w.OneSignIn, IssuedUpTo: w.IssuedUpTo,
		Reason: auth.Reason(w.Reason),
	}
	if r.Empty() || r.Issuer == "" {
		return nil, errors.New("revocation: needs issuer, and sessionId or subject")
	}
	if !isReason(w.Reason) {
		return nil, fmt.Errorf("revocation: reason must be 1 to %d of A-Z and _", maxReasonBytes)
	}
	return &r, nil
}

// isReason reports whether a text may be the reason of an error, and so a header.
func isReason(s string) bool {
	for _, b := range []byte(s) {
		if (b < 'A' || b > 'Z') && b != '_' {
			return false
		}
	}
	return s != "" && len(s) <= maxReasonBytes
}

func (w wireRefresh) read() (*lease.Refresh, error) {
	r := lease.Refresh{Token: w.Token, OnBehalfOf: w.OnBehalfOf}
	if !copyExactly(r.KeyHash[:], w.KeyHash) {
		return nil, errors.New("refresh: keyHash must have 32 bytes")
	}
	if w.Token == "" || len(w.Token) > maxTokenBytes {
		return nil, fmt.Errorf("refresh: token must have 1 to %d bytes", maxTokenBytes)
	}
	if len(w.OnBehalfOf) > maxSubjectBytes {
		return nil, fmt.Errorf("refresh: onBehalfOf has more than %d bytes", maxSubjectBytes)
	}
	return &r, nil
}

func (w wireTicket) read() (*lease.UsedTicket, error) {
	t := lease.UsedTicket{Until: w.Until}
	if !copyExactly(t.ID[:], w.ID) {
		return nil, errors.New("ticket: id must have 16 bytes")
	}
	if len(w.Owner) > 0 && !copyExactly(t.Owner[:], w.Owner) { // older replicas send none
		return nil, errors.New("ticket: owner must have 16 bytes")
	}
	return &t, nil
}

// copyExactly copies bytes that must be just as many, and not all zero; otherwise it returns false.
func copyExactly(to, from []byte) bool {
	return copy(to, from) == len(from) && len(from) == len(to) && !bytes.Equal(from, make([]byte, len(to)))
}
