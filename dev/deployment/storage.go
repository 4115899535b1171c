package deployment

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// Files are documents of table _storage with their bytes alongside, so that a snapshot has the files of its time. Numbers and
// names: get-convex/convex-backend crates/model/src/file_storage.
const (
	storageTable       = "_storage"
	storageTableNumber = 28
)

var byUUID = Index{Name: "by_uuid", Fields: []string{"uuid"}}

// file is an uploaded file. It never changes.
type file struct {
	content     []byte
	contentType string // "": not told
	sum         [sha256.Size]byte
}

// addFile stores a file and returns its id.
func (s *Store) addFile(f *file) (id string, err error) {
	tx := s.begin(s.latest())
	tx.began = s.currentGeneration()
	created, now := s.creationTime()
	id = newID(storageTableNumber, now)
	tx.put(storageTable, id, Document{"_id": id, "_creationTime": created, "uuid": newUUID(), "file": f})
	_, err = s.commit(tx, requestKey{}, mutationRecord{})
	return id, err
}

// fileAt returns the file behind a download URL.
func (s *snapshot) fileAt(uuid string) (*file, bool) {
	key := appendKey(nil, uuid)
	for _, doc := range s.tables[storageTable][byUUID.Name].docs.ascend(interval{key, prefixEnd(key)}) {
		return doc["file"].(*file), true
	}
	return nil, false
}

// StorageReader is `ctx.storage` of a query.
type StorageReader struct {
	within func(func(*transaction) error) error // runs in the function's transaction, or for actions in one of its own
	store  *Store
	origin string
}

// StorageWriter is `ctx.storage` of mutations and actions. In an action each call is a transaction of its own. Simpler than
// Convex: actions have no store and no get.
type StorageWriter struct{ StorageReader }

func (d *Deployment) storageIn(tx *transaction) StorageWriter {
	return StorageWriter{StorageReader{func(do func(*transaction) error) error { return do(tx) }, d.store, d.url}}
}

// storageOf commits each use at once.
func (d *Deployment) storageOf(c call) StorageWriter {
	return StorageWriter{StorageReader{func(do func(*transaction) error) error {
		for {
			tx := d.store.begin(d.store.latest())
			tx.began = c.began
			if err := do(tx); err != nil {
				return err
			}
			if _, err := d.store.commit(tx, requestKey{}, mutationRecord{}); !errors.Is(err, errConflict) {
				return err
			}
		}
	}, d.store, d.url}}
}

// GetURL returns the URL that a file can be downloaded from by whoever knows it, or "" if there is none of that id. It fails
// for a text that is no storage id.
func (r StorageReader) GetURL(id string) (url string, err error) {
	err = r.within(func(tx *transaction) error {
		doc, err := tx.getFile("storage.getUrl", id)
		if doc != nil {
			url = r.origin + "/api/storage/" + doc["uuid"].(string)
		}
		return err
	})
	return url, err
}

// GenerateUploadURL returns a URL that takes uploads by POST for one hour. The answer holds the file's id: {"storageId"}.
func (w StorageWriter) GenerateUploadURL() string {
	return w.origin + "/api/storage/upload?token=" + w.store.uploads.token(w.store.wallClock())
}

// Delete removes a file. It fails if there is none of that id.
func (w StorageWriter) Delete(id string) error {
	return w.within(func(tx *transaction) error {
		doc, err := tx.getFile("storage.delete", id)
		if err == nil && doc == nil {
			err = wording("storage id %s not found", id)
		}
		if err == nil {
			tx.put(storageTable, id, nil)
		}
		return err
	})
}

func (tx *transaction) getFile(method, id string) (Document, error) {
	number, _, err := decodeID(id)
	if err != nil || number != storageTableNumber {
		return nil, wording("Invalid argument `storageId` for `%s`: Invalid storage ID: \"%s\"", method, id)
	}
	return tx.read(storageTable, id), nil
}

// uploadKey signs upload tokens: the time of issue in seconds, and a MAC of it.
type uploadKey [32]byte

const uploadTokenLife = time.Hour

func (k uploadKey) token(now time.Time) string {
	issued := binary.BigEndian.AppendUint64(nil, uint64(now.Unix()))
	return base64.RawURLEncoding.EncodeToString(k.sign(issued))
}

// check refuses a token that is not of this key, or too old.
func (k uploadKey) check(token string, now time.Time) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != 8+sha256.Size || !hmac.Equal(raw, k.sign(raw[:8:8])) {
		return errUnauthenticated("StorageTokenInvalid", "Couldn't decode the StoreFileAuthorization token")
	}
	issued := time.Unix(int64(binary.BigEndian.Uint64(raw)), 0)
	if !now.Truncate(time.Second).Before(issued.Add(uploadTokenLife)) {
		return errUnauthenticated("StorageTokenExpired", "Store File Authorization expired")
	}
	return nil
}

func (k uploadKey) sign(issued []byte) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write(issued)
	return mac.Sum(issued)
}
