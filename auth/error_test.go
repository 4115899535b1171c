package auth

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

// Messages end up in headers such as WWW-Authenticate.
func TestErrorMessagesAreSafe(t *testing.T) {
	safe := regexp.MustCompile(`^[a-zA-Z0-9 ,:'<>-]+$`)
	for reason, o := range outcomes {
		if !safe.MatchString(o.message) {
			t.Errorf("%s: %q", reason, o.message)
		}
	}
	if m := errNoIssuer().Message; !safe.MatchString(m) || !strings.Contains(m, "no token issuer is configured") {
		t.Errorf("%q", m)
	}
}

func TestError(t *testing.T) {
	cause := errors.New("aud is a number")
	err := error(NewError(ReasonAudience, cause))
	if !errors.Is(err, cause) || !strings.Contains(err.Error(), "AUDIENCE") || !strings.Contains(err.Error(), cause.Error()) {
		t.Errorf("got %v", err)
	}
	for reason, class := range map[Reason]Class{
		ReasonSignedOut: Unauthenticated, ReasonAuthorizedParty: PermissionDenied,
		ReasonAuthBackendUnavailable: Unavailable, Reason("NEW"): Unauthenticated,
	} {
		if e := NewError(reason, nil); e.Class != class || e.Reason != reason || e.Message == "" || e.Unwrap() != nil {
			t.Errorf("%s: %+v", reason, e)
		}
	}
}
