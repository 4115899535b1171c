package rest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
)

// checkContent refuses requests whose content would be read wrongly or not at all. anyQuery allows query parameters of a POST.
func checkContent(r *http.Request, anyQuery bool) error {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return codingError{unsupported(fmt.Sprintf("Content-Encoding %.40q: bodies are taken uncompressed only", coding))}
	}
	if r.Method != http.MethodPost {
		return nil
	}
	if err := checkContentType(r.Header.Get("Content-Type")); err != nil {
		return err
	}
	if r.URL.RawQuery == "" || anyQuery {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return call.InvalidRequest(err.Error())
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		return badParameter(name, "is unknown: here the request is the body")
	}
	return nil
}

// checkContentType accepts JSON, and the defaults of curl -d and fetch. A page of another origin can send those without a
// preflight, but only without a credential: cookies are ignored. Parameters are read leniently, because programs write them in
// many ways, and none but charset matters.
func checkContentType(text string) error {
	if text == "" {
		return nil
	}
	kind, parameters, _ := strings.Cut(text, ";")
	switch kind = strings.ToLower(strings.TrimSpace(kind)); {
	case kind == "application/json", strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"),
		kind == "text/plain", kind == "application/x-www-form-urlencoded":
	default:
		return unsupported(fmt.Sprintf("Content-Type %.100q: bodies are application/json", kind))
	}
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, charset, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") && !isUTF8(charset) {
			return unsupported(fmt.Sprintf("charset %.40q: bodies are UTF-8", charset))
		}
	}
	return nil
}

// isUTF8 reports whether a charset, as programs write it, is UTF-8 or a part of it. None is UTF-8.
func isUTF8(charset string) bool {
	letters := strings.NewReplacer("-", "", "_", "", `"`, "", "'", "").Replace(strings.ToLower(strings.TrimSpace(charset)))
	switch letters {
	case "", "utf8", "usascii", "ascii", "unicode11utf8", "utf8mb4", "cp65001": // the names of the WHATWG's Encoding, of MySQL and of Windows
		return true
	}
	return false
}

// checkHeaderSize refuses requests with a URL and headers over the limit.
func (h *Handler) checkHeaderSize(r *http.Request) error {
	size := len(r.RequestURI)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	if h.MaxHeader > 0 && size > h.MaxHeader {
		return headerError{call.TooLarge(fmt.Sprintf("the headers are larger than %d bytes", h.MaxHeader)), http.StatusRequestHeaderFieldsTooLarge}
	}
	return nil
}

const expectationText = "Expect can only be 100-continue"

// checkExpectation refuses unknown expectations, as net/http does over HTTP/1.1 alone.
func (*Handler) checkExpectation(r *http.Request) error {
	if expect := r.Header.Get("Expect"); expect != "" && !strings.EqualFold(expect, "100-continue") {
		return headerError{call.InvalidRequest(expectationText), http.StatusExpectationFailed}
	}
	return nil
}

// IsGRPC reports whether a request is one of gRPC, and not of gRPC-Web.
func IsGRPC(h http.Header) bool {
	kind := h.Get("Content-Type")
	return strings.HasPrefix(kind, "application/grpc") && !strings.HasPrefix(kind, "application/grpc-web")
}

// checkProtocol refuses calls over gRPC, which are not served here.
func (h *Handler) checkProtocol(r *http.Request) error {
	if h.GRPCAddr == nil || !IsGRPC(r.Header) {
		return nil
	}
	return unsupported(fmt.Sprintf("gRPC is at %s, over HTTP/2: this port speaks REST, Connect and gRPC-Web", h.GRPCAddr()))
}

// headerError is an error about headers that has a status of its own.
type headerError struct {
	error
	status int
}

func (e headerError) Unwrap() error { return e.error }

// codingError is an unsupported error about Content-Encoding.
type codingError struct{ error }

func (e codingError) Unwrap() error { return e.error }

func unsupported(text string) error {
	return &call.RequestError{Code: codes.InvalidArgument, Reason: "UNSUPPORTED_MEDIA_TYPE", Text: text}
}
