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
	contentType string // "": unknown
	sum         [sha256.Size]byte
}

// addFile stores a file and returns its id.
func (db *Database) addFile(f *file) (id string, err error) {
	tx := db.begin(db.latest(), db.currentGeneration())
	created, now := db.creationTime()
	id = newID(storageTableNumber, now)
	tx.put(storageTable, id, Document{"_id": id, "_creationTime": created, "uuid": newUUID(), "file": f})
	_, err = db.commit(tx, requestKey{}, mutationRecord{})
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

// fileUUID is the UUID in a file's download URL, or "" if there is no file of that id. It fails for a text that is no storage
// id; method is part of the error.
func (tx *transaction) fileUUID(method, id string) (uuid string, err error) {
	doc, err := tx.getFile(method, id)
	uuid, _ = doc["uuid"].(string)
	return uuid, err
}

// deleteFile removes a file. It fails if there is none of that id.
func (tx *transaction) deleteFile(method, id string) error {
	doc, err := tx.getFile(method, id)
	if err != nil {
		return err
	}
	if doc == nil {
		return wording("storage id %s not found", id)
	}
	tx.put(storageTable, id, nil)
	return nil
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

// uploadToken is a token that lets its bearer upload files for one hour.
func (db *Database) uploadToken() string { return db.uploads.token(db.Now()) }

// checkUploadToken fails with errUploadToken or errUploadTokenExpired.
func (db *Database) checkUploadToken(token string) error { return db.uploads.check(token, db.Now()) }

var (
	errUploadToken        = errors.New("deployment: the upload token is not of this database")
	errUploadTokenExpired = errors.New("deployment: the upload token has expired")
)

func (k uploadKey) token(now time.Time) string {
	issued := binary.BigEndian.AppendUint64(nil, uint64(now.Unix()))
	return base64.RawURLEncoding.EncodeToString(k.sign(issued))
}

// check refuses a token that is not of this key, or too old.
func (k uploadKey) check(token string, now time.Time) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != 8+sha256.Size || !hmac.Equal(raw, k.sign(raw[:8:8])) {
		return errUploadToken
	}
	issued := time.Unix(int64(binary.BigEndian.Uint64(raw)), 0)
	if !now.Truncate(time.Second).Before(issued.Add(uploadTokenLife)) {
		return errUploadTokenExpired
	}
	return nil
}

func (k uploadKey) sign(issued []byte) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write(issued)
	return mac.Sum(issued)
}
