package rest

import (
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex/jsonscan"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// watchBody is a WatchSetRequest as proto JSON, with the arguments of its queries apart: they stay text, so that what is wrong with those
// of one query concerns that query alone.
type watchBody struct {
	rest []byte   // without arguments
	args [][]byte // of each query; nil: none
}

// parseWatchBody takes the arguments out of a body. It returns nil for a body that is not of the usual form, which protojson reads or
// refuses.
func parseWatchBody(body []byte) *watchBody {
	s := jsonscan.NewScanner(body)
	w := &watchBody{}
	seen := false
	rest, err := withoutFields(&s, func(name string, value []byte) ([]byte, error) {
		if name != "queries" || isNone(string(value)) {
			return value, nil
		}
		if seen {
			return nil, errUnusual
		}
		seen = true
		return w.takeArgs(value)
	})
	if err != nil || !s.AtEnd() {
		return nil
	}
	w.rest = rest
	return w
}

// takeArgs takes the arguments out of the list of queries.
func (w *watchBody) takeArgs(list []byte) (rest []byte, err error) {
	s := jsonscan.NewScanner(list)
	rest = append(make([]byte, 0, len(list)), '[')
	err = s.Elements(func(index int) error {
		if index > 0 {
			rest = append(rest, ',')
		}
		var args []byte
		query, err := withoutFields(&s, func(name string, value []byte) ([]byte, error) {
			if name != "args" {
				return value, nil
			}
			if args != nil {
				return nil, errUnusual
			}
			args = value
			return nil, nil
		})
		rest, w.args = append(rest, query...), append(w.args, args)
		return err
	})
	return append(rest, ']'), err
}

// withoutFields scans an object, and returns it with other values: change returns the new one, or nil to leave the field out.
func withoutFields(s *jsonscan.Scanner, change func(name string, value []byte) ([]byte, error)) ([]byte, error) {
	object := []byte{'{'}
	err := s.Fields(func(name []byte) error {
		value, err := s.Raw()
		if err != nil {
			return err
		}
		if value, err = change(string(name), value); value == nil || err != nil {
			return err
		}
		if len(object) > 1 {
			object = append(object, ',')
		}
		object = append(jsonscan.AppendString(object, string(name)), ':')
		object = append(object, value...)
		return nil
	})
	return append(object, '}'), err
}

// read reads the request. null is the same as no arguments.
func (w *watchBody) read(r reader, into *gatewayv1.WatchSetRequest) error {
	if err := r.read(w.rest, into); err != nil {
		return err
	}
	for i, args := range w.args {
		if q := into.GetQueries()[i]; args != nil && !isNone(string(args)) {
			if len(q.GetArgsJson()) > 0 {
				q.Args = &structpb.Struct{} // both are set, which the RPC refuses
				continue
			}
			q.ArgsJson = args
		}
	}
	return nil
}
