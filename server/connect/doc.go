// Package connect serves the services over the Connect protocol and gRPC-Web, by connectrpc.com/connect: the library has the wire, and
// calls run within the process, behind the same interceptors as over gRPC.
//
// Glossary:
//
//	procedure  the path of a method, which is its full name
//	codec      how a message is encoded: protobuf or proto JSON
//	coding     how a message is compressed; of requests only, gzip only
//	envelope   five bytes before a message of a stream or of gRPC-Web: flags and a length
package connect
