package deployment

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"time"

	devclerk "convexgateway/dev/clerk"
	"convexgateway/dev/deployment/call"
)

// IssuerURL is the `iss` of the development issuer's tokens.
func (d *Deployment) IssuerURL() string { return d.url + "/clerk" }

// ClerkAPIURL is where the issuer has the Backend API of its Clerk instance.
func (d *Deployment) ClerkAPIURL() string { return d.store.clerk.APIURL() }

// SecretKey is that of the issuer's Backend API: sk_test_…
func (d *Deployment) SecretKey() string { return d.store.clerk.SecretKey() }

// ClerkInstanceID is the id of the issuer's Clerk instance: ins_…
func (d *Deployment) ClerkInstanceID() string { return d.store.clerk.ID() }

// WebhookSecret is what the issuer signs its webhooks with: whsec_…
func (d *Deployment) WebhookSecret() string { return d.store.clerk.WebhookSecret() }

// SetWebhookURL sets where the issuer sends its webhooks; "", as at first, is nowhere.
func (d *Deployment) SetWebhookURL(url string) { d.store.clerk.SetWebhookURL(url) }

// Clerk is the issuer itself, to revoke sessions and inject failures. It is the store's.
func (d *Deployment) Clerk() *devclerk.Instance { return d.store.clerk }

// TokenRequest describes a session token like Clerk's.
type TokenRequest struct {
	User string // [0-9A-Za-z]+; sub is user_<user>, sid is sess_<user>, name the user
	// Service, in place of User, makes a workload token, as a platform gives one to a service that runs on it: sub is
	// WorkloadSubject, aud WorkloadAudience.
	Service string
	TTL     time.Duration  // whole seconds, at least one; 0 means 60 s
	Claims  map[string]any // added to the claims made here, or replacing them; a nil value removes one
}

// TokenError is the error for an invalid field of a TokenRequest.
type TokenError struct{ Field, Problem string }

func (e *TokenError) Error() string { return e.Field + " " + e.Problem }

var userPattern = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// Token makes a session token of the deployment's issuer: RS256, with the claims iss, sub, sid, aud, exp, iat, nbf, jti, v,
// sts, fva and name. Errors are *TokenError.
//
// It also signs the user in: the session of the token becomes active at the issuer, whatever it was before, and the tokens minted
// for it have this one's lifetime and claims, but for those of a single token: exp, iat, nbf, jti, azp. A token without a sid or
// sub has no session.
func (d *Deployment) Token(request TokenRequest) (string, error) {
	request.TTL = cmp.Or(request.TTL, devclerk.DefaultTokenLifetime)
	switch {
	case request.Service != "" && request.User != "":
		return "", &TokenError{"service", "must not be given together with user"}
	case request.TTL < time.Second || request.TTL%time.Second != 0:
		return "", &TokenError{"ttl", "must be whole seconds and at least 1s"}
	case request.Service != "":
		return d.workloadToken(request)
	case !userPattern.MatchString(request.User):
		return "", &TokenError{"user", "must match [0-9A-Za-z]+"}
	}
	s := request.session()
	token, err := d.store.clerk.Token(devclerk.TokenOptions{User: s.User, SessionID: s.ID, TTL: s.TTL, Claims: s.Claims})
	if err != nil {
		return "", &TokenError{"claims", "cannot be written as JSON"}
	}
	if s.ID != "" && s.User != "" {
		d.store.clerk.PutSession(s)
	}
	return token, nil
}

// WorkloadAudience is the aud of workload tokens.
const WorkloadAudience = "convexgateway"

// WorkloadSubject is the sub of a service's workload tokens.
func WorkloadSubject(service string) string { return "workload:" + service }

var servicePattern = regexp.MustCompile(`^[0-9a-z-]+$`)

func (d *Deployment) workloadToken(request TokenRequest) (string, error) {
	if !servicePattern.MatchString(request.Service) {
		return "", &TokenError{"service", "must match [0-9a-z-]+"}
	}
	issued := d.store.db.Now().Unix()
	claims := map[string]any{
		"iss": d.IssuerURL(), "aud": WorkloadAudience, "sub": WorkloadSubject(request.Service),
		"iat": issued, "exp": issued + int64(request.TTL/time.Second),
	}
	maps.Copy(claims, request.Claims)
	token, err := d.store.clerk.Sign(nil, claims)
	if err != nil {
		return "", &TokenError{"claims", "cannot be written as JSON"}
	}
	return token, nil
}

// session is the session of the token. Its id or user is empty if the token has none.
func (r TokenRequest) session() devclerk.Session {
	claims := map[string]any{"sub": "user_" + r.User, "name": r.User}
	claims["sid"] = devclerk.SessionOf("user_" + r.User)
	maps.Copy(claims, r.Claims)
	id, _ := claims["sid"].(string)
	user, _ := claims["sub"].(string)
	return devclerk.Session{ID: id, User: user, TTL: r.TTL, Claims: claims}
}

const maxTokenRequest = 64 << 10

// serveToken is POST /dev/token.
func (d *Deployment) serveToken(w http.ResponseWriter, r *http.Request) {
	request, err := readTokenRequest(http.MaxBytesReader(w, r.Body, maxTokenRequest))
	var token string
	if err == nil {
		token, err = d.Token(request)
	}
	if err != nil {
		call.WriteError(w, call.NewBadRequest("BadTokenRequest", err.Error()))
		return
	}
	body, _ := json.Marshal(map[string]string{"token": token})
	call.WriteJSON(w, http.StatusOK, body)
}

func readTokenRequest(body io.Reader) (TokenRequest, error) {
	var sent struct {
		User    string         `json:"user"`
		Service string         `json:"service"`
		TTL     string         `json:"ttl"`
		Claims  map[string]any `json:"claims"`
	}
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&sent); err != nil {
		if wrongType, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return TokenRequest{}, &TokenError{wrongType.Field, "must not be a " + wrongType.Value}
		}
		return TokenRequest{}, fmt.Errorf("body: %w", err)
	}
	request := TokenRequest{User: sent.User, Service: sent.Service, Claims: sent.Claims}
	if sent.TTL != "" {
		ttl, err := time.ParseDuration(sent.TTL)
		if err != nil || ttl == 0 {
			return TokenRequest{}, &TokenError{"ttl", `must be a duration such as "60s"`}
		}
		request.TTL = ttl
	}
	return request, nil
}
