package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"convexgateway/server/connect"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

func main() {
	protos := flag.String("protos", "", "folder of the suite's protos")
	flag.Parse()
	if err := run(*protos); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// compat is a ServerCompatRequest, in JSON.
type compat struct {
	UseTLS        bool   `json:"useTls"`
	ClientTLSCert []byte `json:"clientTlsCert"`
	Limit         int    `json:"messageReceiveLimit"`
	Creds         struct {
		Cert []byte `json:"cert"`
		Key  []byte `json:"key"`
	} `json:"serverCreds"`
}

func run(protos string) error {
	if err := register(protos); err != nil {
		return err
	}
	var asked compat
	if err := readRequest(&asked); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server, err := newServer(asked)
	if err != nil {
		return err
	}
	answer := map[string]any{"host": "127.0.0.1", "port": listener.Addr().(*net.TCPAddr).Port}
	if asked.UseTLS {
		answer["pemCert"] = asked.Creds.Cert
	}
	if err := writeResponse(answer); err != nil {
		return err
	}
	if asked.UseTLS {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

// newServer makes the HTTP server that is asked for.
func newServer(asked compat) (*http.Server, error) {
	handler, err := newHandler(asked.Limit)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: handler, Protocols: new(http.Protocols), ReadHeaderTimeout: readHeaderTimeout}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetHTTP2(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	if !asked.UseTLS {
		return server, nil
	}
	pair, err := tls.X509KeyPair(asked.Creds.Cert, asked.Creds.Key)
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if len(asked.ClientTLSCert) > 0 {
		server.TLSConfig.ClientAuth, server.TLSConfig.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		if !server.TLSConfig.ClientCAs.AppendCertsFromPEM(asked.ClientTLSCert) {
			return nil, errors.New("the client's certificate is no PEM")
		}
	}
	return server, err
}

// newHandler returns the gateway's HTTP handler with the suite's service.
func newHandler(limit int) (http.Handler, error) {
	if limit == 0 {
		limit = defaultLimit
	}
	procedures := connect.New(connect.Options{Calls: rpc.InProcess{Interceptors: interceptors}, MaxMessage: limit})
	procedures.RegisterService(&serviceDesc, nil)
	procedures.Mount()
	return rest.New(rest.Options{
		Conn: rest.NewConn(rpc.InProcess{}), Procedures: allHeaders{procedures}, MaxBody: int64(limit), Logger: slog.New(slog.DiscardHandler),
	})
}

// allHeaders are procedures whose calls have all headers as metadata; the gateway's have some.
type allHeaders struct{ *connect.Handler }

func (h allHeaders) Serve(w http.ResponseWriter, r *http.Request) error {
	ctx := metadata.NewIncomingContext(r.Context(), metadata.MD(r.Header))
	return h.Handler.Serve(w, r.WithContext(withQuery(ctx, r)))
}

// Messages on standard input and output have their size before them, in four bytes, big-endian.

func readRequest(into *compat) error {
	var size uint32
	if err := binary.Read(os.Stdin, binary.BigEndian, &size); err != nil {
		return err
	}
	wire := make([]byte, size)
	if _, err := io.ReadFull(os.Stdin, wire); err != nil {
		return err
	}
	m := newMessage("ServerCompatRequest")
	if err := proto.Unmarshal(wire, m); err != nil {
		return err
	}
	text, err := protojson.Marshal(m)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func writeResponse(fields map[string]any) error {
	m := newMessage("ServerCompatResponse")
	if err := fill(m, fields); err != nil {
		return err
	}
	wire, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(wire))), wire...))
	return err
}
