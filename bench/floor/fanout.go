package floor

import (
	"io"
	"net/http"
	"runtime"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/bench/wire"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// fanout is W: the publisher encodes an update once and writes it to all streams, from one goroutine a core, each with
// connections of its own. It is a floor, not a design: a stream that is not read blocks it. Without updates it is also the
// floor of idle streams.
type fanout struct {
	mu    sync.Mutex
	frame []byte // of the newest update
	conns map[string][]grpc.ServerStream
}

func newFanout() *fanout { return &fanout{conns: map[string][]grpc.ServerStream{}} }

func (f *fanout) server() *grpc.Server {
	s := grpc.NewServer(grpc.ForceServerCodecV2(wire.Raw{}))
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: gatewayv1.FunctionService_ServiceDesc.ServiceName, HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{{StreamName: "Subscribe", ServerStreams: true, Handler: f.subscribe}},
	}, nil)
	return s
}

func (f *fanout) subscribe(_ any, stream grpc.ServerStream) error {
	var request []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	p, _ := peer.FromContext(stream.Context())
	conn := p.Addr.String()
	if err := f.join(conn, stream); err != nil {
		return err
	}
	<-stream.Context().Done()
	f.leave(conn)
	return nil
}

func (f *fanout) join(conn string, stream grpc.ServerStream) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns[conn] = append(f.conns[conn], stream)
	return stream.SendMsg(f.frame)
}

// leave removes a connection when the first of its streams ends: in a benchmark they end together.
func (f *fanout) leave(conn string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.conns, conn)
}

// ServeHTTP publishes the JSON in the body, and responds when it is written to all streams.
func (f *fanout) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	frame, err := encode(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frame = frame
	var writers sync.WaitGroup
	for _, share := range f.shares(runtime.GOMAXPROCS(0)) {
		writers.Go(func() {
			for _, stream := range share {
				_ = stream.SendMsg(frame) // a stream that has ended is removed by its handler
			}
		})
	}
	writers.Wait()
}

// shares divides the connections among n goroutines.
func (f *fanout) shares(n int) [][]grpc.ServerStream {
	shares := make([][]grpc.ServerStream, n)
	i := 0
	for _, streams := range f.conns {
		shares[i%n] = append(shares[i%n], streams...)
		i++
	}
	return shares
}

// encode returns the message that carries a JSON text as a Value.
func encode(body io.Reader) ([]byte, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	value := &structpb.Value{}
	if err := protojson.Unmarshal(text, value); err != nil {
		return nil, err
	}
	return proto.Marshal(&gatewayv1.SubscribeResponse{Event: &gatewayv1.SubscribeResponse_Value{Value: value}})
}
