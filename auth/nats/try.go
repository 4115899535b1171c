package nats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// Errors of [Try] when the settings are valid and the server can be reached.
var (
	ErrCredentials = errors.New("the server refuses the credentials")
	ErrPermission  = errors.New("the server refuses the subject")
	ErrNoEcho      = errors.New("no message returned")
)

// Trial is the result of a successful [Try].
type Trial struct {
	Server string        // the one that answered: host:port
	Took   time.Duration // of a message, to the server and back
}

// Try connects once, as an Exchange does, and sends itself a message over each kind of subject: a recall since now, to which
// other replicas have no answer. Its errors quote no secret.
func Try(ctx context.Context, c Config) (t Trial, err error) {
	if c.Subject == "" {
		c.Subject = DefaultSubject
	}
	if err := c.validate(); err != nil {
		return t, err
	}
	codec, err := newCodec(c.Keys, c.Subject)
	if err != nil {
		return t, err
	}
	refused := make(chan error, 1)
	conn, err := nats.Connect(c.URL, append(c.credentials(), nats.Name("convexgateway doctor"), nats.NoReconnect(),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			select {
			case refused <- err:
			default:
			}
		}))...)
	if err != nil {
		return t, classify(err)
	}
	defer conn.Close()
	t.Server = conn.ConnectedAddr()
	self := newID()
	for _, to := range []string{all, self.String()} {
		m := message{ID: newID(), From: self, At: time.Now(), Recall: true, Since: time.Now()}
		data, err := codec.encode(m)
		if err != nil {
			return t, err
		}
		if t.Took, err = echo(ctx, conn, c.Subject+"."+to, data, refused); err != nil {
			return t, classify(err)
		}
	}
	return t, nil
}

// echo sends data to a subject and waits until it is received.
func echo(ctx context.Context, conn *nats.Conn, subject string, data []byte, refused <-chan error) (time.Duration, error) {
	received := make(chan *nats.Msg, queueLength)
	sub, err := conn.ChanSubscribe(subject, received)
	if err != nil {
		return 0, err
	}
	defer func() { _ = sub.Unsubscribe() }()
	start := time.Now()
	if err := conn.Publish(subject, data); err != nil {
		return 0, err
	}
	for {
		select {
		case got := <-received:
			if bytes.Equal(got.Data, data) {
				return time.Since(start), nil
			}
		case err := <-refused:
			return 0, err
		case <-ctx.Done():
			return 0, ErrNoEcho
		}
	}
}

// classify names what the server refuses.
func classify(err error) error {
	for _, refusal := range []error{nats.ErrAuthorization, nats.ErrAuthExpired, nats.ErrAuthRevoked, nats.ErrAccountAuthExpired} {
		if errors.Is(err, refusal) {
			return fmt.Errorf("%w: %w", ErrCredentials, err)
		}
	}
	if errors.Is(err, nats.ErrPermissionViolation) {
		return fmt.Errorf("%w: %w", ErrPermission, err)
	}
	return err
}
