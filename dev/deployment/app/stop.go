package app

import (
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// stopTexts are why functions do not run: get-convex/convex-backend crates/udf/src/validation.rs.
var stopTexts = map[store.StopState]string{
	store.Paused: "Cannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow " +
		"functions to run.",
	store.OverUsageLimit: "This deployment has been disabled because it exceeded a configured usage limit. Update or disable the usage " +
		"limit in the Convex dashboard in deployment settings to resume function execution.",
	store.DisabledFree: "You have exceeded the free plan limits, so your deployments have been disabled. Please upgrade to a Pro plan or " +
		"reach out to us at support@convex.dev for help.",
	store.DisabledPaid: "You have exceeded your spending limits, so your deployments have been disabled. Please increase your spending " +
		"limit on the Convex dashboard or wait until limits reset.",
	store.Suspended: "Cannot run functions while this deployment is suspended. Please contact Convex if you believe this is a mistake.",
}

// StopText is the error text of functions in that state; "" if they run.
func StopText(state store.StopState) string { return stopTexts[state] }

// refuseStopped refuses all functions but system functions while the deployment is stopped.
func refuseStopped(c call.Call, tx *store.Transaction) *call.Failure {
	text := stopTexts[tx.StopState()]
	if text == "" || c.Path.IsSystem() {
		return nil
	}
	return call.Refusal("%s", text)
}

// backendState is the state as the system query _system/frontend/backendState:backendState returns it.
func backendState(state store.StopState) map[string]any {
	all := map[string]any{"system": "none", "usage_limit": "none", "user": "none"}
	switch state {
	case store.Paused:
		all["user"] = "paused"
	case store.OverUsageLimit:
		all["usage_limit"] = "disabled"
	case store.DisabledFree, store.DisabledPaid:
		all["system"] = "disabled"
	case store.Suspended:
		all["system"] = "suspended"
	}
	return all
}
