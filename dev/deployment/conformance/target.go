package main

import (
	"context"
	"os"

	"convexgateway/dev/deployment"
)

// Variables that name another deployment than the development one, to which examples/convex-app is pushed.
const (
	urlVariable    = "CONVEX_TEST_URL"
	tokenVariable  = "CONVEX_TEST_TOKEN"     // a JWT that it accepts; "": none
	tokensVariable = "CONVEX_TEST_TOKENS"    // URL that makes such JWTs as `dev` does at /dev/token; "": none
	keyVariable    = "CONVEX_TEST_ADMIN_KEY" // "": none
)

// target is the deployment under test. What it lacks is skipped by the suites.
type target struct {
	url, token, tokens, adminKey string
	own                          *deployment.Deployment // nil: one that the environment names
}

// newTarget returns the deployment that the environment names, or starts one with controls.
func newTarget(ctx context.Context) (target, error) {
	if url := os.Getenv(urlVariable); url != "" {
		return target{url: url, token: os.Getenv(tokenVariable), tokens: os.Getenv(tokensVariable), adminKey: os.Getenv(keyVariable)}, nil
	}
	d, err := deployment.Start(ctx, deployment.Config{Addr: "127.0.0.1:0", Controls: true})
	if err != nil {
		return target{}, err
	}
	return target{url: d.URL(), tokens: d.URL() + "/dev/token", adminKey: d.AdminKey(), own: d}, nil
}

func (t target) close() {
	if t.own != nil {
		_ = t.own.Close()
	}
}

// environment is for the suites' commands.
func (t target) environment() []string {
	controls := ""
	if t.own != nil {
		controls = "1"
	}
	return []string{
		"DEPLOYMENT_URL=" + t.url, "DEPLOYMENT_TOKEN=" + t.token, "DEPLOYMENT_TOKENS=" + t.tokens,
		"DEPLOYMENT_ADMIN_KEY=" + t.adminKey, "DEPLOYMENT_CONTROLS=" + controls,
	}
}
