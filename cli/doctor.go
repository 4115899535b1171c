package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"convexgateway/cli/doctor"
	"convexgateway/server"
)

// doctorCommand checks the settings of `serve`.
type doctorCommand struct {
	serveCommand
	deployKeyFlags

	Token     string        `secret:"" placeholder:"JWT" group:"Doctor" help:"A token to try at the gateway's checks and at the deployment."`
	TokenFile string        `placeholder:"FILE" group:"Doctor" help:"File with what --token would be."`
	Through   string        `placeholder:"URL" group:"Doctor" help:"Public URL of the running gateway behind its proxy: tries whether the proxy buffers streams, or cuts them."`
	Quiet     time.Duration `default:"${quiet}" group:"Doctor" help:"How long a quiet stream through the proxy must last."`
	JSON      bool          `name:"json" group:"Doctor" help:"Print JSON instead of a table."`
}

// Run runs the checks, prints their findings, and fails if a check has failed.
func (c *doctorCommand) Run(rc runContext) error {
	if c.PrintConfig {
		return printConfig(rc.stdout, rc.parsed)
	}
	upstream, err := c.checkedUpstream()
	if err != nil {
		return usageError{err}
	}
	replicas, err := c.exchange(c.config())
	if err != nil {
		return usageError{err}
	}
	token, err := flagOrFile("--token", c.Token, c.TokenFile)
	if err != nil {
		return usageError{err}
	}
	key, err := c.deployKey()
	if err != nil {
		return usageError{err}
	}
	limitMemory(slog.New(slog.DiscardHandler), memlimit.FromCgroup) // as serve does: limits follow from it
	findings := doctor.Run(rc.ctx, doctor.Config{
		Config: c.config(), Upstream: upstream, Replicas: replicas, Token: token, DeployKey: key, Through: c.Through, Quiet: c.Quiet,
	})
	write := doctor.WriteTable
	if c.JSON {
		write = doctor.WriteJSON
	}
	if err := write(rc.stdout, findings); err != nil {
		return err
	}
	if n := doctor.Failed(findings); n > 0 {
		return fmt.Errorf("%d of %d checks failed", n, len(findings))
	}
	return nil
}

// checkedUpstream returns the deployment and its issuers, after a check of the settings that needs no network.
func (c *doctorCommand) checkedUpstream() (up server.Upstream, err error) {
	if c.ConvexURL == "" {
		return up, errNoDeployment
	}
	if u, err := url.Parse(c.Through); c.Through != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return up, errors.New("--through: not a URL such as https://gateway.example.com")
	}
	if c.Quiet <= 0 {
		return up, errors.New("--quiet: must be positive")
	}
	return c.upstream(c.ConvexURL)
}
