package cli

import (
	"errors"
	"fmt"
	"strings"

	"convexgateway/cli/generate"
	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
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
	API           string `name:"api" placeholder:"DIR" group:"Generate" help:"Write the app's typed contract into this folder, for --api of serve."`
	Package       string `name:"package" placeholder:"NAME" group:"Generate" help:"The package that those of the modules are in. Default: as in --api, or else convex.app."`
	GoPackage     string `name:"go-package" placeholder:"PATH" group:"Generate" help:"The import path that the Go packages of the modules are in. Default: as in --api, or else the package's name with slashes."`
	Prune         bool   `name:"prune" group:"Generate" help:"Remove what the app does not have any more, and reserve its names and numbers. Without it, it is deprecated."`
	OpenAPI       string `name:"openapi" placeholder:"FILE" group:"Generate" help:"Write the OpenAPI document of the app's functions."`
	Kotlin        string `name:"kotlin" placeholder:"DIR" group:"Generate" help:"Write the app's functions in Kotlin below this folder, a root of sources. Parameters are in the order of --api's files."`
	KotlinPackage string `name:"kotlin-package" placeholder:"NAME" group:"Generate" help:"The package of the Kotlin."`
	Schema        string `name:"schema" placeholder:"FILE" group:"Generate" help:"The app's schema, for a class of each table in the Kotlin: a file with what a deployment prints."`
	Watch         bool   `name:"watch" group:"Generate" help:"Go on until interrupted: write again whenever the deployment of --convex-url has other functions."`
	Check         bool   `name:"check" group:"Generate" help:"Change nothing, and fail if a file is not as it would be written."`
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
	if err := c.write(rc, s, warnings); err != nil || !c.Watch {
		return err
	}
	return source.Follow(rc.ctx, func(s *spec.Spec, warnings []spec.Warning, err error) {
		if err == nil {
			err = c.write(rc, s, warnings)
		}
		if err != nil {
			fmt.Fprintln(rc.stderr, "error:", err)
		}
	})
}

// write writes, or checks, what is made of a spec.
func (c *generateCommand) write(rc runContext, s *spec.Spec, warnings []spec.Warning) error {
	warn(rc, warnings)
	outputs, err := c.outputs(rc, s)
	if err != nil {
		return err
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

// outputs returns what there is to write.
func (c *generateCommand) outputs(rc runContext, s *spec.Spec) (outputs []generate.Output, err error) {
	if c.API != "" {
		api, err := generate.API(rc.ctx, c.API, s, model.Options{Package: c.Package, GoPackage: c.GoPackage, Prune: c.Prune})
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, api)
	}
	if c.OpenAPI != "" {
		outputs = append(outputs, generate.OpenAPI(c.OpenAPI, s))
	}
	if c.Kotlin != "" {
		kotlin, err := c.kotlin(rc, s)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, kotlin)
	}
	return outputs, nil
}

func (c *generateCommand) kotlin(rc runContext, s *spec.Spec) (generate.Output, error) {
	var schema *spec.Schema
	if c.Schema != "" {
		read, warnings, err := generate.Schema(c.Schema)
		if err != nil {
			return generate.Output{}, fmt.Errorf("the schema: %w", err)
		}
		warn(rc, warnings)
		schema = read
	}
	output, warnings, err := generate.Kotlin(rc.ctx, c.Kotlin, c.KotlinPackage, c.API, s, schema)
	warn(rc, warnings)
	return output, err
}

func warn(rc runContext, warnings []spec.Warning) {
	for _, w := range warnings {
		fmt.Fprintf(rc.stderr, "warning: %s\n", w)
	}
}

// source returns where the spec comes from.
func (c *generateCommand) source() (s generate.Source, err error) {
	switch {
	case c.API == "" && c.OpenAPI == "" && c.Kotlin == "":
		return s, errors.New("nothing to write: give --api, --openapi or --kotlin")
	case c.Kotlin != "" && c.KotlinPackage == "":
		return s, errors.New("--kotlin needs --kotlin-package")
	}
	if c.Watch && (c.Spec != "" || c.Check) {
		return s, errors.New("--watch follows the deployment of --convex-url, and goes neither with --spec nor with --check")
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
