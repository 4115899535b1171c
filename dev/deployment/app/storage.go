package app

import (
	"errors"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// StorageReader is `ctx.storage` of a query.
type StorageReader struct {
	within func(func(*store.Transaction) error) error // calls its argument in the function's transaction; in an action, in a new one
	db     *store.Database
	origin string
}

// StorageWriter is `ctx.storage` of mutations and actions. In an action each call is a transaction of its own. Simpler than
// Convex: actions have no store and no get.
type StorageWriter struct{ StorageReader }

// storageIn is the storage of a query or mutation, in its transaction.
func (r *Runner) storageIn(tx *store.Transaction) StorageWriter {
	return StorageWriter{StorageReader{func(do func(*store.Transaction) error) error { return do(tx) }, r.cfg.Database, r.cfg.URL}}
}

// storageOf is the storage of an action: each use is a transaction, which runs again after a conflict.
func (r *Runner) storageOf(c call.Call) StorageWriter {
	return StorageWriter{StorageReader{func(do func(*store.Transaction) error) error {
		for {
			tx := r.cfg.Database.Begin(r.cfg.Database.Latest(), c.Generation)
			if err := do(tx); err != nil {
				return err
			}
			if _, err := r.cfg.Database.Commit(tx, store.RequestKey{}, store.MutationRecord{}); !errors.Is(err, store.ErrConflict) {
				return err
			}
		}
	}, r.cfg.Database, r.cfg.URL}}
}

// GetURL returns the URL for downloads of a file, which needs no other permission, or "" if there is no file of that id. It
// fails for a text that is no storage id.
func (r StorageReader) GetURL(id string) (url string, err error) {
	err = r.within(func(tx *store.Transaction) error {
		uuid, err := tx.FileUUID("storage.getUrl", id)
		if uuid != "" {
			url = r.origin + "/api/storage/" + uuid
		}
		return err
	})
	return url, err
}

// GenerateUploadURL returns a URL for uploads by POST, valid for one hour. The answer has the file's id: {"storageId"}.
func (w StorageWriter) GenerateUploadURL() string {
	return w.origin + "/api/storage/upload?token=" + w.db.UploadToken()
}

// Delete removes a file. It fails if there is none of that id.
func (w StorageWriter) Delete(id string) error {
	return w.within(func(tx *store.Transaction) error { return tx.DeleteFile("storage.delete", id) })
}
