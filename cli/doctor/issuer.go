package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"convexgateway/auth"
	"convexgateway/auth/clerk"
)

const noIssuerFix = "set --clerk-issuer to Clerk's Frontend API URL, or --trusted-issuers"

func noIssuer(context.Context) Finding {
	return warn("none: every token is refused, and all callers are anonymous", noIssuerFix)
}

// clerkIssuer fetches the discovery document and the keys of a Clerk instance.
func (r *runner) clerkIssuer(ctx context.Context, issuer string) Finding {
	keys, err := auth.ClerkPublished(ctx, issuer, r.client)
	switch {
	case err != nil && r.ClerkPublicKey != "":
		return warn("cannot be asked from here: "+err.Error(), "none for the gateway, which has --clerk-jwt-key; the deployment must reach it")
	case err != nil:
		return fail(err.Error(), "set --clerk-issuer to the Frontend API URL of Clerk's dashboard (API keys), and let this machine reach it")
	}
	return ok(keysSeen(keys))
}

func keysSeen(keys []string) string {
	return fmt.Sprintf("discovery and %d keys: %s", len(keys), strings.Join(keys, ", "))
}

func (r *runner) otherIssuer(ctx context.Context, issuer auth.Issuer) Finding {
	keys, err := issuer.Published(ctx, r.client)
	if err != nil {
		return fail(err.Error(), "compare --trusted-issuers with what the issuer says of itself, and let this machine reach it")
	}
	return ok(keysSeen(keys))
}

// tokenAtGateway verifies the token as the gateway does.
func (r *runner) tokenAtGateway(ctx context.Context) Finding {
	switch {
	case r.Token == "":
		return skip("not tried: give a JWT with --token")
	case len(r.Issuers)+len(r.OtherIssuers) == 0:
		return fail("no issuer is trusted", noIssuerFix)
	}
	verifier, err := auth.NewClerkVerifier(auth.Config{
		Issuers: r.Issuers, PublicKey: r.ClerkPublicKey, OtherIssuers: r.OtherIssuers,
		AuthorizedParties: r.AuthorizedParties, AllowTemplateTokens: r.AllowTemplateTokens,
		AllowMachineTokens: r.AllowMachineTokens, RefuseImpersonation: r.RefuseImpersonation, AllowReservedClaims: r.AllowReservedClaims,
		Clock: r.Now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return fail(err.Error(), "mend --clerk-issuer, --clerk-jwt-key or --trusted-issuers")
	}
	defer verifier.Close()
	id, err := verifier.Verify(ctx, r.Token)
	if refused, is := errors.AsType[*auth.Error](err); is {
		return fail(string(refused.Reason)+": "+refused.Message, tokenFix(refused.Reason))
	}
	if err != nil {
		return fail("not verified", "try again")
	}
	return ok(fmt.Sprintf("of %s, good for %v", id.Issuer, id.ExpiresAt.Sub(r.Now()).Round(1e9)))
}

// tokenFix returns what to do about a token that the gateway refuses.
func tokenFix(reason auth.Reason) string {
	switch reason {
	case auth.ReasonIssuer:
		return "set --clerk-issuer to the token's iss, without a slash at its end, or add it to --trusted-issuers"
	case auth.ReasonAudience:
		return "switch on the Convex integration in Clerk's dashboard, so that tokens have the audience convex"
	case auth.ReasonTokenClass:
		return "take a session token; or start with --allow-template-tokens or --allow-machine-tokens"
	case auth.ReasonReservedClaim:
		return "have the issuer leave out claims named subject, issuer and tokenIdentifier: functions would see them in place of the token's own"
	case auth.ReasonTokenExpired:
		return "take a new one: Clerk's live for 60 s. If it is new, see to the clock"
	case auth.ReasonTokenNotYetValid:
		return "see to the clock of this machine"
	case auth.ReasonAuthorizedParty:
		return "add the origin of the token's azp to --authorized-parties"
	case auth.ReasonAuthBackendUnavailable:
		return "let this machine reach the issuer's keys"
	case auth.ReasonUnknownKey, auth.ReasonBadSignature:
		return "take a token of this issuer's present keys; with --clerk-jwt-key, see that the key is the right one"
	}
	return "take a fresh session token of a user"
}

// secretKey calls Clerk with the secret key, and checks that it is of the instance that issues the tokens.
func (r *runner) secretKey(ctx context.Context) Finding {
	switch {
	case r.ClerkSecretKey == "" && r.SessionRenewal:
		return fail("none, but --session-renewal needs one", "set --clerk-secret-key (CLERK_SECRET_KEY)")
	case r.ClerkSecretKey == "":
		return skip("none, and only --session-renewal needs one")
	}
	const fix = "copy the secret key from Clerk's dashboard (API keys) of the same instance as the issuer"
	api, err := clerk.NewAPI(clerk.APIConfig{URL: r.ClerkAPIURL, SecretKey: r.ClerkSecretKey})
	if err != nil {
		return fail(err.Error(), fix)
	}
	defer api.Close()
	ids, err := api.KeyIDs(ctx)
	if refused, is := errors.AsType[*clerk.APIError](err); is && refused.KeyRefused {
		return fail(err.Error(), fix)
	}
	if err != nil {
		return fail(err.Error(), "look at --clerk-api-url, and whether this machine may reach it")
	}
	return r.sameInstance(ctx, ids)
}

func (r *runner) sameInstance(ctx context.Context, ids []string) Finding {
	fetched := false
	for _, issuer := range r.Issuers {
		published, err := auth.ClerkPublished(ctx, issuer, r.client)
		if slices.ContainsFunc(published, func(id string) bool { return slices.Contains(ids, id) }) {
			return ok("accepted, of the same instance as " + issuer)
		}
		fetched = fetched || err == nil
	}
	if !fetched {
		return warn("accepted, but whether it is of the issuer's instance could not be seen", "mend the issuer first")
	}
	return fail("accepted, but of another instance than the issuer", "copy the secret key of the issuer's instance: development and production have different ones")
}

// webhookSecret checks the form of the secrets. Whether they are Clerk's is not known before the next webhook.
func (r *runner) webhookSecret(context.Context) Finding {
	if len(r.WebhookSecrets) == 0 {
		return skip("none: revoked sessions end with their tokens, at the latest")
	}
	_, err := clerk.NewWebhookVerifier(clerk.WebhookConfig{Secrets: r.WebhookSecrets, InstanceIDs: r.ClerkInstanceIDs})
	if errors.Is(err, clerk.ErrInstanceID) {
		return fail(err.Error(), "copy the instance's id (ins_…) from Clerk's dashboard to --clerk-instance-id")
	} else if err != nil {
		return fail(err.Error(), "copy the endpoint's signing secret (whsec_…) from Clerk's dashboard (Webhooks)")
	}
	return ok("of the right form")
}
