package rpc

import (
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Watch streams the results of queries that its client adds and removes.
func (s *functionService) Watch(stream gatewayv1.FunctionService_WatchServer) error {
	sink, err := s.openWatch(stream)
	if err != nil {
		return err
	}
	return sink.Run()
}

// WatchSet streams the results of a fixed set of queries.
func (s *functionService) WatchSet(req *gatewayv1.WatchSetRequest, stream gatewayv1.FunctionService_WatchSetServer) error {
	sink, err := s.openWatchSet(req, stream)
	if err != nil {
		return err
	}
	return sink.Run()
}

// openWatch opens a stream whose first command has been received. It is apart from Watch so that its frame is not on the stack on which the
// stream waits.
func (s *functionService) openWatch(stream grpc.ServerStream) (*watchSink, error) {
	var first gatewayv1.WatchRequest
	if err := stream.RecvMsg(&first); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if first.GetOpen() == nil {
		return nil, call.InvalidField("open", "must be the first command")
	}
	sink, err := s.newWatchSink(first.GetOpen(), stream)
	if err != nil {
		return nil, err
	}
	commands := newWatchCommands(sink, s.queryParser(sink), s.identify, s.audit)
	id, _ := auth.FromContext(stream.Context())
	return sink, sink.OpenCommanded(stream.Context(), s.streams, id, first.GetOpen(), sink, commands)
}

// openWatchSet opens a stream whose queries are all known.
func (s *functionService) openWatchSet(req *gatewayv1.WatchSetRequest, stream grpc.ServerStream) (*watchSink, error) {
	sink, err := s.newWatchSink(req.GetOptions(), stream)
	if err != nil {
		return nil, err
	}
	parser := s.queryParser(sink)
	for _, q := range req.GetQueries() {
		query, err := parser.parse(q)
		if err != nil {
			return nil, err
		}
		if err := sink.take(query); err != nil {
			return nil, err
		}
	}
	id, _ := auth.FromContext(stream.Context())
	return sink, sink.Open(stream.Context(), s.streams, id, req.GetOptions(), sink)
}

func (s *functionService) newWatchSink(options *gatewayv1.WatchOptions, stream grpc.ServerStream) (*watchSink, error) {
	format, err := parseFormat(options.GetValueFormat())
	if err != nil {
		return nil, err
	}
	sink := &watchSink{
		stream: stream, metrics: s.metrics, format: format, inJSON: call.From(stream.Context()).JSON,
	}
	sink.out = sink
	sink.targets, sink.groups = sink.one.targets[:0], sink.one.groups[:0]
	return sink, nil
}

func (s *functionService) queryParser(sink *watchSink) queryParser {
	c := call.From(sink.stream.Context())
	allow := func() error { return s.limits.Rate.Allow(c.Caller(), time.Now()) }
	id, _ := auth.FromContext(sink.stream.Context())
	return queryParser{caller: id, journals: &s.journals, format: sink.format, check: s.check, allow: allow}
}
