package app

import (
	"errors"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// StorageReader is `ctx.storage` of a query.
type StorageReader struct {
	within func(func(*store.Transaction) error) error // runs in the function's transaction, or for actions in one of its own
	db     *store.Database
	origin string
}

// StorageWriter is `ctx.storage` of mutations and actions. In an action each call is a transaction of its own. Simpler than
// Convex: actions have no store and no get.
type StorageWriter struct{ StorageReader }

// storageIn works in a function's transaction.
func (r *Runner) storageIn(tx *store.Transaction) StorageWriter {
	return StorageWriter{StorageReader{func(do func(*store.Transaction) error) error { return do(tx) }, r.cfg.Database, r.cfg.URL}}
}

// storageOf commits each use at once.
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

// GetURL returns the URL that a file can be downloaded from by whoever knows it, or "" if there is none of that id. It fails
// for a text that is no storage id.
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

// GenerateUploadURL returns a URL that takes uploads by POST for one hour. The answer holds the file's id: {"storageId"}.
func (w StorageWriter) GenerateUploadURL() string {
	return w.origin + "/api/storage/upload?token=" + w.db.UploadToken()
}

// Delete removes a file. It fails if there is none of that id.
func (w StorageWriter) Delete(id string) error {
	return w.within(func(tx *store.Transaction) error { return tx.DeleteFile("storage.delete", id) })
}
