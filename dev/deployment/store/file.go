package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"time"
)

// Files are documents of table _storage with their bytes in a field, so that a snapshot has the files of its time. Numbers and
// names: get-convex/convex-backend crates/model/src/file_storage.
const (
	StorageTable       = "_storage"
	storageTableNumber = 28
)

var byUUID = Index{Name: "by_uuid", Fields: []string{"uuid"}}

// File is an uploaded file. It never changes.
type File struct {
	Content     []byte
	ContentType string // "": unknown
	Sum         [sha256.Size]byte
}

// AddFile stores a file and returns its id.
func (db *Database) AddFile(f *File) (id string, err error) {
	tx := db.Begin(db.Latest(), db.Generation())
	created, now := db.creationTime()
	id = newID(storageTableNumber, now)
	tx.put(StorageTable, id, Document{"_id": id, "_creationTime": created, "uuid": newUUID(), "file": f})
	_, err = db.Commit(tx, RequestKey{}, MutationRecord{})
	return id, err
}

// File returns the file behind a download URL.
func (s *Snapshot) File(uuid string) (*File, bool) {
	key := appendKey(nil, uuid)
	for _, doc := range s.tables[StorageTable][byUUID.Name].docs.ascend(interval{key, prefixEnd(key)}) {
		return doc["file"].(*File), true
	}
	return nil, false
}

// FileUUID is the UUID in a file's download URL, or "" if there is no file of that id. It fails for a text that is no storage
// id; method is part of the error.
func (tx *Transaction) FileUUID(method, id string) (uuid string, err error) {
	doc, err := tx.getFile(method, id)
	uuid, _ = doc["uuid"].(string)
	return uuid, err
}

// DeleteFile removes a file. It fails if there is none of that id.
func (tx *Transaction) DeleteFile(method, id string) error {
	doc, err := tx.getFile(method, id)
	if err != nil {
		return err
	}
	if doc == nil {
		return wording("storage id %s not found", id)
	}
	tx.put(StorageTable, id, nil)
	return nil
}

func (tx *Transaction) getFile(method, id string) (Document, error) {
	number, _, err := decodeID(id)
	if err != nil || number != storageTableNumber {
		return nil, wording("Invalid argument `storageId` for `%s`: Invalid storage ID: \"%s\"", method, id)
	}
	return tx.read(StorageTable, id), nil
}

// uploadKey signs upload tokens: the time of issue in seconds, and a MAC of it.
type uploadKey [32]byte

const uploadTokenLife = time.Hour

// UploadToken returns a token that permits uploads for one hour.
func (db *Database) UploadToken() string { return db.uploads.token(db.Now()) }

// CheckUploadToken fails with ErrUploadTokenExpired, or with errUploadToken for a token of another database.
func (db *Database) CheckUploadToken(token string) error { return db.uploads.check(token, db.Now()) }

var (
	errUploadToken = errors.New("store: the upload token is not of this database")
	// ErrUploadTokenExpired is the error for an upload token of this database after an hour.
	ErrUploadTokenExpired = errors.New("store: the upload token has expired")
)

func (k uploadKey) token(now time.Time) string {
	issued := binary.BigEndian.AppendUint64(nil, uint64(now.Unix()))
	return base64.RawURLEncoding.EncodeToString(k.sign(issued))
}

// check fails for a token that is not of this key, or too old.
func (k uploadKey) check(token string, now time.Time) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || strings.ContainsAny(token, "\r\n") || len(raw) != 8+sha256.Size || !hmac.Equal(raw, k.sign(raw[:8:8])) {
		return errUploadToken
	}
	issued := time.Unix(int64(binary.BigEndian.Uint64(raw)), 0)
	if !now.Truncate(time.Second).Before(issued.Add(uploadTokenLife)) {
		return ErrUploadTokenExpired
	}
	return nil
}

func (k uploadKey) sign(issued []byte) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write(issued)
	return mac.Sum(issued)
}
