package server

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"convexgateway/server/admin"
)

// Serve runs the gateway until ctx ends, then drains and stops it: health is NOT_SERVING, streams end with UNAVAILABLE
// (DRAINING), running calls finish, all within Config.DrainTimeout. It returns nil after an orderly stop, or the error of a
// port. It may be called once.
func (s *Server) Serve(ctx context.Context) error {
	defer s.close()
	s.auditStart()
	var group errgroup.Group
	failed := make(chan struct{}, 4)
	start := func(serve func() error) {
		group.Go(func() error {
			err := serve()
			failed <- struct{}{}
			return err
		})
	}
	if s.grpcListener != nil {
		start(s.serveGRPC)
	}
	start(s.serveHTTP)
	if s.admin != nil {
		start(s.serveAdmin)
	}
	if s.profiles != nil {
		start(s.serveProfiles)
	}
	checking, stopChecking := context.WithCancel(ctx)
	group.Go(func() error { s.becomeReady(checking); return nil })
	group.Go(func() error { s.contract.Follow(checking, s.contractRead); return nil })
	if s.directory != nil {
		group.Go(func() error { s.directory.Follow(checking, s.servicesRead); return nil })
	}
	select {
	case <-ctx.Done():
	case <-s.stopAsked.Done():
	case <-failed:
	}
	stopChecking()
	s.stop()
	return group.Wait()
}

// Reload reads the files of the app's contract, the services file and the certificates again. What cannot be read stays as it is, and is
// logged. Calls, streams and connections go on, but for those of services whose grants have ended.
func (s *Server) Reload() {
	for _, pair := range s.pairs {
		pair.Reload()
	}
	s.contractRead(s.contract.Reload())
	if s.directory != nil && s.directory.Reload() {
		s.servicesRead()
	}
}

// contractRead follows up on the contract's files, which were read again, or could not be.
func (s *Server) contractRead(err error) { s.auditReload("contract", err) }

// servicesRead follows up on the services file, which was read again.
func (s *Server) servicesRead() {
	s.auditReload("services", nil)
	s.checkGrants()
}

// SetAdminToken replaces Config.AdminToken, in a gateway that has one.
func (s *Server) SetAdminToken(token string) error {
	if token == "" && s.cfg.AdminToken == "" {
		return nil
	}
	if s.cfg.AdminToken == "" || !admin.ValidToken(token) {
		return invalid("AdminToken", "must have 22 to 1024 characters, and be set at the start")
	}
	s.guard.SetToken(token)
	return nil
}

// stop drains. DrainTimeout bounds all steps together.
func (s *Server) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.DrainTimeout)
	defer cancel()
	s.logger.Info("draining")
	s.auditDrain()
	s.health.Shutdown() // for good: a late check cannot undo it
	s.drain()
	var servers sync.WaitGroup
	servers.Go(func() { s.shutDownHTTP(ctx) })
	if !s.cfg.onePort() { // on one port the HTTP server has the gRPC calls as well
		servers.Go(func() { s.gracefulStop(ctx) })
	}
	servers.Wait()
	s.grpc.Stop()
	if s.admin != nil {
		_ = s.admin.Close()
	}
	if s.profiles != nil {
		_ = s.profiles.Close()
	}
}

// shutDownHTTP waits for the HTTP server's calls until ctx ends.
func (s *Server) shutDownHTTP(ctx context.Context) {
	if err := s.http.Shutdown(ctx); err != nil {
		s.logger.Warn("HTTP calls did not end in time")
		s.endCalls()
		_ = s.http.Close()
	}
}

// gracefulStop waits for the gRPC server's calls until ctx ends.
func (s *Server) gracefulStop(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.grpc.GracefulStop()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		s.logger.Warn("gRPC calls did not end in time")
		s.grpc.Stop()
		<-done
	}
}
