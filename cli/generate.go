package cli

import (
	"errors"
	"fmt"
	"strings"

	"convexgateway/cli/generate"
)

// deployKeyFlags are the key of an admin of the deployment.
type deployKeyFlags struct {
	DeployKey     string `name:"deploy-key" env:"CONVEX_DEPLOY_KEY" secret:"" placeholder:"KEY" group:"Contract" help:"A deploy key of the deployment, with which its function spec is fetched: read-only access is enough."`
	DeployKeyFile string `name:"deploy-key-file" env:"CONVEX_DEPLOY_KEY_FILE" placeholder:"FILE" group:"Contract" help:"File with what --deploy-key would be."`
}

func (f deployKeyFlags) deployKey() (string, error) {
	return flagOrFile("--deploy-key", f.DeployKey, f.DeployKeyFile)
}

// generateCommand writes an app's typed contract.
type generateCommand struct {
	Spec      string `name:"spec" placeholder:"FILE|URL" group:"Generate" help:"The app's function spec: a file with what npx convex function-spec prints, or the URL of a gateway that has --api."`
	ConvexURL string `name:"convex-url" env:"CONVEX_URL" placeholder:"URL" group:"Addresses" help:"The deployment, for instance https://happy-animal-123.convex.cloud. Required."`
	deployKeyFlags
	API     string `name:"api" placeholder:"DIR" group:"Generate" help:"Write the app's typed contract into this folder, for --api of serve."`
	OpenAPI string `name:"openapi" placeholder:"FILE" group:"Generate" help:"Write the OpenAPI document of the app's functions."`
	Check   bool   `name:"check" group:"Generate" help:"Change nothing, and fail if a file is not as it would be written."`
}

// Run writes the outputs, or checks them.
func (c *generateCommand) Run(rc runContext) error {
	source, err := c.source()
	if err != nil {
		return usageError{err}
	}
	s, warnings, err := source.Read(rc.ctx)
	if err != nil {
		return fmt.Errorf("the function spec: %w", err)
	}
	for _, w := range warnings {
		fmt.Fprintf(rc.stderr, "warning: %s\n", w)
	}
	var outputs []generate.Output
	if c.API != "" {
		outputs = append(outputs, generate.API(c.API, s))
	}
	if c.OpenAPI != "" {
		outputs = append(outputs, generate.OpenAPI(c.OpenAPI, s))
	}
	if c.Check {
		return check(outputs)
	}
	for _, output := range outputs {
		changes, err := output.Write()
		if err != nil {
			return err
		}
		for _, change := range changes {
			verb := "wrote"
			if change.Removed {
				verb = "removed"
			}
			fmt.Fprintln(rc.stdout, verb, change.Path)
		}
	}
	return nil
}

// source returns where the spec comes from.
func (c *generateCommand) source() (s generate.Source, err error) {
	if c.API == "" && c.OpenAPI == "" {
		return s, errors.New("nothing to write: give --api or --openapi")
	}
	if c.Spec != "" {
		return generate.Source{Spec: c.Spec}, nil
	}
	if c.ConvexURL == "" {
		return s, errors.New("give --spec, or --convex-url with --deploy-key-file")
	}
	key, err := c.deployKey()
	if err == nil && key == "" {
		err = errors.New("--convex-url needs --deploy-key-file")
	}
	return generate.Source{ConvexURL: c.ConvexURL, DeployKey: key}, err
}

// check fails if an output is not as it should be.
func check(outputs []generate.Output) error {
	var stale []string
	for _, output := range outputs {
		changes, err := output.Changes()
		if err != nil {
			return err
		}
		for _, change := range changes {
			stale = append(stale, change.Path)
		}
	}
	if len(stale) > 0 {
		return fmt.Errorf("not current: %s", strings.Join(stale, ", "))
	}
	return nil
}
