package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/contract"
)

// contract reads the files of --api, and compares them with the deployment if there is a deploy key.
func (r *runner) contract(ctx context.Context) Finding {
	if r.API == "" {
		return skip("no --api: the deployment checks arguments, and in production hides what is wrong with them")
	}
	files, err := contract.Open(contract.Options{Files: os.DirFS(r.API), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fail(err.Error(), "write the folder with convexgateway generate --api")
	}
	seen := fmt.Sprintf("%d functions", functionCount(files.API().Spec))
	if r.DeployKey == "" {
		return skip(seen + " in --api; not compared with the deployment: give --deploy-key-file")
	}
	deployed, err := r.deployedSpec(ctx)
	if err != nil {
		return fail("the deployment's function spec: "+err.Error(), keyFix(err))
	}
	return r.compared(seen, spec.Differences(files.API().Spec, deployed))
}

func functionCount(s *spec.Spec) (n int) {
	for range s.All() {
		n++
	}
	return n
}

func (r *runner) deployedSpec(ctx context.Context) (*spec.Spec, error) {
	client, err := convex.NewHTTPClient(r.ConvexURL, convex.HTTPOptions{Attempts: 1})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	text, err := spec.Fetch(ctx, client, r.DeployKey)
	if err != nil {
		return nil, err
	}
	deployed, _, err := spec.Parse(text)
	return deployed, err
}

// keyFix returns what to do about a spec that a deployment does not give.
func keyFix(err error) string {
	failed, ok := errors.AsType[*convex.DeploymentError](err)
	if ok && failed.Class != convex.Unauthorized {
		return "see to the deployment first"
	}
	return "take a deploy key of this deployment from Convex's dashboard: read-only access is enough"
}

const releaseFix = "deploy the functions, run convexgateway generate --api, give the gateway the new files, then update the clients"

// maxDifferences is how many differences a finding lists.
const maxDifferences = 10

// compared returns the finding about the differences between the files and the deployment. Functions that the files lack are passed on,
// unless they are strict.
func (r *runner) compared(seen string, differences []spec.Difference) Finding {
	var names []string
	harmless := !r.StrictAPI
	for _, d := range differences {
		harmless = harmless && d.Part == spec.Added
		if len(names) < maxDifferences {
			names = append(names, d.String())
		}
	}
	if more := len(differences) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	switch text := "the deployment differs from --api: " + strings.Join(names, ", "); {
	case len(differences) == 0:
		return ok(seen + ", as deployed")
	case harmless:
		return warn(text, releaseFix)
	default:
		return fail(text, releaseFix)
	}
}
