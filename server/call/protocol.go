package call

// Protocol is how a call came.
type Protocol uint8

// The protocols. All but GRPC, which is grpc-go's, come by the HTTP handler.
const (
	GRPC Protocol = iota
	REST
	Connect
	GRPCWeb
)

// String returns the protocol's name in logs.
func (p Protocol) String() string {
	return [...]string{GRPC: "grpc", REST: "rest", Connect: "connect", GRPCWeb: "grpc-web"}[p]
}

// HasTrailers reports whether a response may end with metadata.
func (p Protocol) HasTrailers() bool { return p != REST }

// BoundsDetails reports whether the details of an error are in metadata, which clients cut off.
func (p Protocol) BoundsDetails() bool { return p == GRPC || p == GRPCWeb }
