package server

import (
	"errors"
	"fmt"
	"net"
	"slices"
)

// closers is a stack of functions that close what was made. The zero value is empty.
type closers struct{ stack []closer }

type closer struct {
	name  string
	close func() error
}

// add pushes a close function. The name is for errors.
func (c *closers) add(name string, close func() error) {
	c.stack = append(c.stack, closer{name, close})
}

// addFunc is add for a function that cannot fail.
func (c *closers) addFunc(name string, close func()) {
	c.add(name, func() error { close(); return nil })
}

// close calls all functions once, the newest first, also after an error. [net.ErrClosed] is no error.
func (c *closers) close() error {
	var errs []error
	for _, part := range slices.Backward(c.stack) {
		if err := part.close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, fmt.Errorf("%s: %w", part.name, err))
		}
	}
	c.stack = nil
	return errors.Join(errs...)
}
