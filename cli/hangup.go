package cli

import (
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"convexgateway/server"
)

// hangups are the SIGHUPs that the process gets, from listenForHangups on. Until stop none ends the process.
type hangups struct{ signals chan os.Signal }

func listenForHangups() hangups {
	h := hangups{make(chan os.Signal, 1)}
	signal.Notify(h.signals, syscall.SIGHUP)
	return h
}

// stop ends a follow, too.
func (h hangups) stop() { signal.Stop(h.signals); close(h.signals) }

// follow calls reload for each of them, also for one before, until stop. The returned function waits for that.
func (h hangups) follow(reload func()) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range h.signals {
			reload()
		}
	}()
	return func() { <-done }
}

// reload reads again what may change while a gateway runs: the admin token's file, certificates, and the folder of --api.
func (f *runFlags) reload(s *server.Server, logger *slog.Logger) {
	logger.Info("SIGHUP: settings are read again")
	if err := f.readToken(); err != nil {
		logger.Error("the admin token cannot be read again, and the old one stays in use", "error", err)
	} else if err := s.SetAdminToken(f.adminToken); err != nil {
		logger.Error("the admin token is not replaced", "error", byFlags(err))
	}
	s.Reload()
}
