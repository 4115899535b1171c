package cli

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"convexgateway/internal/wait"
	"convexgateway/server"
)

// keyFileInterval is how often the file of the cluster keys is read.
const keyFileInterval = 5 * time.Second

// keyFile follows the file of the cluster keys, so that they can be rotated without a restart. Safe for concurrent use.
type keyFile struct {
	flags   *keyFlags
	replace func(server.Keys) error
	logger  *slog.Logger

	mu     sync.Mutex // held by who reads
	tried  string     // the text that was read last
	failed string     // the error that was logged last; empty since the file was read
}

// newKeyFile makes one whose keys are those that the flags have read.
func newKeyFile(flags *keyFlags, replace func(server.Keys) error, logger *slog.Logger) *keyFile {
	k := &keyFile{flags: flags, replace: replace, logger: logger}
	_, k.tried, _ = flags.cluster()
	return k
}

// follow reads the file, if there is one, until ctx ends.
func (k *keyFile) follow(ctx context.Context) {
	if k.flags.ClusterKeysFile == "" && k.flags.TicketKeyFile == "" {
		return
	}
	wait.Every(ctx, keyFileInterval, k.read)
}

// read has the gateway use the keys of the file, if it has changed. If they are no good, those that were read before stay in use.
func (k *keyFile) read() {
	k.mu.Lock()
	defer k.mu.Unlock()
	flag, text, err := k.flags.cluster()
	changed := err == nil && text != k.tried
	if changed {
		k.tried = text
		err = byFlags(k.replace(server.ParseKeys(text)))
	}
	switch {
	case err != nil && err.Error() != k.failed:
		k.failed = err.Error()
		k.logger.Error("the cluster keys cannot be read again, and the old ones stay in use", "error", err)
	case err == nil && changed:
		k.failed = ""
		k.logger.Info("the cluster keys were read again", "flag", flag)
	}
}
