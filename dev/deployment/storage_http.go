package deployment

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// maxUpload is a bound on a file, in bytes. Convex has none.
const maxUpload = 1 << 30

// serveUpload is POST /api/storage/upload: get-convex/convex-backend crates/local_backend/src/storage.rs.
func (d *Deployment) serveUpload(w http.ResponseWriter, r *http.Request) {
	id, err := d.upload(w, r)
	if err != nil {
		call.WriteError(w, err)
		return
	}
	body, _ := json.Marshal(map[string]string{"storageId": id})
	call.WriteJSON(w, http.StatusOK, body)
}

func (d *Deployment) upload(w http.ResponseWriter, r *http.Request) (id string, err error) {
	query := r.URL.Query()
	if !query.Has("token") {
		return "", call.NewBadRequest("BadQueryArgs", "Failed to deserialize query string: missing field `token`")
	}
	if err := d.checkUploadToken(query.Get("token")); err != nil {
		return "", err
	}
	f := &store.File{ContentType: r.Header.Get("Content-Type")}
	if _, _, err := mime.ParseMediaType(f.ContentType); err != nil && f.ContentType != "" {
		return "", call.NewBadRequest("BadHeader", "Bad header for content-type: invalid HTTP header")
	}
	expected, err := digestOf(r.Header)
	if err != nil {
		return "", err
	}
	if f.Content, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload)); err != nil {
		return "", call.ErrInternal
	}
	f.Sum = sha256.Sum256(f.Content)
	if expected != nil && !bytes.Equal(expected, f.Sum[:]) {
		return "", call.NewBadRequest("Sha256Mismatch", fmt.Sprintf("Sha256 mismatch. Expected: %s Actual: %s",
			base64.StdEncoding.EncodeToString(expected), base64.StdEncoding.EncodeToString(f.Sum[:])))
	}
	return d.db.AddFile(f)
}

func (d *Deployment) checkUploadToken(token string) error {
	switch err := d.db.CheckUploadToken(token); {
	case errors.Is(err, store.ErrUploadTokenExpired):
		return call.NewUnauthenticated("StorageTokenExpired", "Store File Authorization expired")
	case err != nil:
		return call.NewUnauthenticated("StorageTokenInvalid", "Couldn't decode the StoreFileAuthorization token")
	default:
		return nil
	}
}

// digestOf is the SHA-256 in a Digest header, or nil.
func digestOf(h http.Header) ([]byte, error) {
	values, given := h["Digest"]
	if !given {
		return nil, nil
	}
	text, ok := strings.CutPrefix(values[0], "sha-256=")
	sum, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(sum) != sha256.Size {
		return nil, call.NewBadRequest("BadHeader", "Bad header for digest: invalid HTTP header")
	}
	return sum, nil
}

// serveDownload is GET /api/storage/{uuid}. Who has the URL may download.
func (d *Deployment) serveDownload(w http.ResponseWriter, r *http.Request) {
	given := r.PathValue("uuid")
	uuid, ok := store.ParseUUID(given)
	if !ok {
		call.WriteError(w, call.NewBadRequest("InvalidStoragePath", fmt.Sprintf("Invalid storage path: %q. Please use "+
			"`storage.getUrl(storageId: Id<\"_storage\">)` to generate a valid URL to retrieve files. See "+
			"https://docs.convex.dev/file-storage/serve-files for more details", given)))
		return
	}
	if r.URL.Query().Has("component") { // there are none
		call.WriteError(w, call.ErrInternal)
		return
	}
	f, ok := d.db.Latest().File(uuid)
	if !ok {
		call.WriteError(w, call.NewError(call.NotFound, "FileNotFound", "File "+uuid+" not found"))
		return
	}
	if header, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok && len(f.Content) > 0 {
		servePart(w, f, header)
		return
	}
	w.Header().Set("Digest", "sha-256="+base64.StdEncoding.EncodeToString(f.Sum[:]))
	serveFile(w, f, http.StatusOK, f.Content)
}

// servePart serves a range of a Range header. Several are not satisfiable. One that is not inside the file, or counts from its end, is
// answered with nothing and an odd Content-Range.
func servePart(w http.ResponseWriter, f *store.File, header string) {
	first, last, dash := strings.Cut(header, "-")
	if !dash || strings.Contains(header, ",") {
		w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		return
	}
	part, ok := parsePart(strings.TrimSpace(first), strings.TrimSpace(last), uint64(len(f.Content)))
	if !ok {
		w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		return
	}
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.first, part.last, len(f.Content)))
	serveFile(w, f, http.StatusPartialContent, part.of(f.Content))
}

// filePart is a part of a file from the first to the last byte, as it was asked for.
type filePart struct{ first, last uint64 }

// parsePart reads both ends of `2-5`, `2-` or `-3`.
func parsePart(first, last string, size uint64) (p filePart, ok bool) {
	p.last = size - 1
	var err error
	if last != "" {
		p.last, err = strconv.ParseUint(last, 10, 63)
	}
	if first == "" {
		return filePart{-(p.last + 1), size - 1}, err == nil && last != ""
	}
	if err == nil {
		p.first, err = strconv.ParseUint(first, 10, 63)
	}
	return p, err == nil
}

func (p filePart) of(content []byte) []byte {
	size := uint64(len(content))
	if p.first >= size || p.last < p.first {
		return nil
	}
	return content[p.first:min(p.last+1, size)]
}

func serveFile(w http.ResponseWriter, f *store.File, status int, content []byte) {
	h := w.Header()
	if f.ContentType == "" {
		h["Content-Type"] = nil // else net/http would guess
	} else {
		h.Set("Content-Type", f.ContentType)
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Accept-Ranges", "bytes")
	h.Set("Cache-Control", "private, max-age=2592000")
	w.WriteHeader(status)
	_, _ = w.Write(content) //nolint:gosec // a file, which its URL permits to read
}
