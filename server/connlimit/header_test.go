package connlimit_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pires/go-proxyproto"

	"convexgateway/server/connlimit"
)

// header returns a PROXY header of a version, with TLVs, that names a client.
func header(t *testing.T, version byte, client string, tlvs ...proxyproto.TLV) []byte {
	t.Helper()
	ip := net.ParseIP(client)
	own := net.ParseIP("192.0.2.1")
	if ip.To4() == nil {
		own = net.ParseIP("2001:db8::1")
	}
	h := proxyproto.HeaderProxyFromAddrs(version, &net.TCPAddr{IP: ip, Port: 40_000}, &net.TCPAddr{IP: own, Port: 443})
	return format(t, h, tlvs...)
}

func format(t *testing.T, h *proxyproto.Header, tlvs ...proxyproto.TLV) []byte {
	t.Helper()
	if err := h.SetTLVs(tlvs); err != nil {
		t.Fatal(err)
	}
	text, err := h.Format()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// write writes without waiting for the reader.
func write(conn net.Conn, texts ...[]byte) {
	go func() {
		for _, text := range texts {
			_, _ = conn.Write(text)
		}
	}()
}

// The address in a trusted proxy's header is that of the connection; what follows the header is read as if there was none.
func TestProxyHeader(t *testing.T) {
	local := &proxyproto.Header{Version: 2, Command: proxyproto.LOCAL, TransportProtocol: proxyproto.UNSPEC}
	tlvs := []proxyproto.TLV{
		{Type: proxyproto.PP2_TYPE_AUTHORITY, Value: []byte("gateway.example.com")}, {Type: proxyproto.PP2Type(0xEA), Value: bytes.Repeat([]byte{1}, 1000)},
	}
	for name, test := range map[string]struct {
		header []byte
		want   string
	}{
		"version 1, IPv4":    {header(t, 1, "8.8.8.8"), "8.8.8.8:40000"},
		"version 1, IPv6":    {header(t, 1, "2001:db8::8"), "[2001:db8::8]:40000"},
		"version 1, unknown": {[]byte("PROXY UNKNOWN\r\n"), "192.0.2.1:1"},
		"version 2, IPv4":    {header(t, 2, "8.8.8.8"), "8.8.8.8:40000"},
		"version 2, IPv6":    {header(t, 2, "2001:db8::8"), "[2001:db8::8]:40000"},
		"version 2, TLVs":    {header(t, 2, "8.8.8.8", tlvs...), "8.8.8.8:40000"},
		"version 2, local":   {format(t, local), "192.0.2.1:1"},
		"local with TLVs":    {format(t, local, tlvs...), "192.0.2.1:1"},
		"none":               {nil, "192.0.2.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST / HTTP/1.1\r\n\r\n", "\x16\x03\x01" + strings.Repeat("x", 500)} {
				synctest.Test(t, func(t *testing.T) { checkHeader(t, test.header, text, test.want) })
			}
		})
	}
}

// checkHeader connects as a proxy does, in one piece and byte by byte.
func checkHeader(t *testing.T, header []byte, text, want string) {
	p := listen(t, connlimit.Options{Trusted: trusted})
	whole := append(bytes.Clone(header), text...)
	for name, pieces := range map[string][][]byte{"whole": {whole}, "in pieces": bytes.SplitAfter(whole, nil)} {
		client := p.dial(t, "192.0.2.1")
		write(client, pieces...)
		conn := p.next(t)
		if conn == nil {
			t.Fatalf("%s: not accepted", name)
		}
		if got := conn.RemoteAddr().String(); got != want {
			t.Errorf("%s: from %s, want %s", name, got, want)
		}
		got := make([]byte, len(text))
		if _, err := io.ReadFull(conn, got); err != nil || string(got) != text {
			t.Errorf("%s: read %q, %v", name, got, err)
		}
	}
}

// What a proxy passes on counts by the address of its header.
func TestForwardedConnectionsCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{MaxPerAddress: 2, Trusted: trusted})
		forward := func(from string) *connlimit.Conn {
			write(p.dial(t, "192.0.2.1"), header(t, 2, from), []byte("GET "))
			return p.next(t)
		}
		for range 2 {
			if conn := forward("8.8.8.8"); conn == nil || probeOnly(conn) {
				t.Fatal("refused within the limit")
			}
		}
		if conn := forward("8.8.8.8"); conn != nil && !probeOnly(conn) {
			t.Error("a third connection of one address")
		}
		if conn := forward("8.8.8.9"); conn == nil || probeOnly(conn) {
			t.Error("the limit of one address applies to another")
		}
		for range 5 { // a proxy behind the proxy
			if conn := forward("192.0.2.7"); conn == nil || probeOnly(conn) {
				t.Fatal("the limit applies to a trusted proxy behind another")
			}
		}
	})
}

// A malformed header closes the connection, and so does one that does not arrive in time. Meanwhile others are accepted.
func TestBadProxyHeader(t *testing.T) {
	valid := header(t, 2, "8.8.8.8")
	for name, sent := range map[string][]byte{
		"no address":        []byte("PROXY TCP4 8.8.8.8\r\n"),
		"not an address":    []byte("PROXY TCP4 8.8.8 192.0.2.1 1 2\r\n"),
		"endless line":      []byte("PROXY TCP4 " + strings.Repeat("8", 200)),
		"version 3":         append(append(bytes.Clone(valid[:12]), 0x31), valid[13:]...),
		"short":             append(append(bytes.Clone(valid[:14]), 0, 4), valid[16:]...),
		"half, then quiet":  valid[:20],
		"half of version 1": []byte("PROXY TCP4 8.8.8.8 "),
		"nothing":           nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := listen(t, connlimit.Options{Trusted: trusted})
				client := p.dial(t, "192.0.2.1")
				write(client, sent)
				p.within(t, "8.8.8.8")
				pass(headerTimeout + 1)
				if conn := p.next(t); conn != nil || !ended(client) {
					t.Errorf("accepted: %v", conn)
				}
			})
		})
	}
}

// A header byte by byte has the same time in all.
func TestSlowProxyHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Trusted: trusted})
		client := p.dial(t, "192.0.2.1")
		began, err := time.Now(), error(nil)
		for _, b := range header(t, 1, "8.8.8.8") {
			if _, err = client.Write([]byte{b}); err != nil {
				break
			}
			pass(headerTimeout / 4)
		}
		if took := time.Since(began); err == nil || took > 2*headerTimeout {
			t.Errorf("%v after %v", err, took)
		}
	})
}

// A header of anybody else is not read: it is the first bytes of a request.
func TestUntrustedProxyHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Trusted: trusted})
		client, conn := p.connect(t, "8.8.8.8")
		if conn == nil {
			t.Fatal("a header is waited for")
		}
		forged := header(t, 1, "9.9.9.9")
		write(client, forged)
		got := make([]byte, len(forged))
		if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, forged) || conn.RemoteAddr().String() != "8.8.8.8:1" {
			t.Errorf("%q from %s, %v", got, conn.RemoteAddr(), err)
		}
	})
}

// Proxies that send nothing have a bound of their own, and end with the listener.
func TestPendingConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Trusted: trusted})
		var refused int
		for range 2000 {
			if client := p.dial(t, "192.0.2.1"); len(p.accepted) == 0 {
				synctest.Wait()
				if ended(client) {
					refused++
				}
			}
		}
		if refused < 500 {
			t.Errorf("%d of 2,000 refused", refused)
		}
		p.within(t, "8.8.8.8")
	})
}

// Whatever a proxy sends, the connection is accepted with what follows a header, or closed.
func FuzzProxyHeader(f *testing.F) {
	f.Add([]byte("PROXY TCP4 8.8.8.8 192.0.2.1 1 2\r\nGET "))
	f.Add([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	f.Add([]byte("\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x08\x08\x08\x08\xc0\x00\x02\x01\x9c\x40\x01\xbbGET "))
	f.Fuzz(func(t *testing.T, sent []byte) {
		synctest.Test(t, func(t *testing.T) {
			p := listen(t, connlimit.Options{Trusted: trusted})
			client := p.dial(t, "192.0.2.1")
			go func() {
				_, _ = client.Write(sent)
				_ = client.Close()
			}()
			conn := p.next(t)
			if conn == nil {
				return
			}
			rest, err := io.ReadAll(conn)
			if err != nil || !bytes.HasSuffix(sent, rest) {
				t.Errorf("read %q, %v", rest, err)
			}
			if len(rest) < len(sent) && !bytes.HasPrefix(sent, []byte("PROXY")) && !bytes.HasPrefix(sent, []byte("\r\n\r\n")) {
				t.Errorf("lost %q", sent[:len(sent)-len(rest)])
			}
		})
	})
}
