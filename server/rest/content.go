package rest

import (
	"fmt"
	"maps"
	"mime"
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
		return unsupported(fmt.Sprintf("Content-Encoding %.40q: bodies are taken uncompressed only", coding))
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
// preflight, but only without a credential: cookies are ignored.
func checkContentType(text string) error {
	if text == "" {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(text)
	if err != nil {
		return unsupported(fmt.Sprintf("Content-Type %.100q cannot be read", text))
	}
	switch {
	case kind == "application/json", strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"),
		kind == "text/plain", kind == "application/x-www-form-urlencoded":
	default:
		return unsupported(fmt.Sprintf("Content-Type %.100q: bodies are application/json", kind))
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return unsupported(fmt.Sprintf("charset %.40q: bodies are UTF-8", charset))
	}
	return nil
}

func unsupported(text string) error {
	return &call.RequestError{Code: codes.InvalidArgument, Reason: "UNSUPPORTED_MEDIA_TYPE", Text: text}
}
