package deployment

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/call"
)

func TestServerError_endsSocketsByClass(t *testing.T) {
	const none = websocket.StatusNoStatusRcvd
	for class, want := range map[call.Class]struct {
		status int
		last   string
		code   websocket.StatusCode
		reason string
	}{
		call.BadRequest:              {400, "FatalError", none, ""},
		call.Conflict:                {409, "FatalError", none, ""},
		call.Unauthenticated:         {401, "AuthError", none, ""},
		call.AuthUpdateFailed:        {401, "AuthError", none, ""},
		call.Forbidden:               {403, "FatalError", 1000, "Code"},
		call.PaginationLimit:         {400, "FatalError", 1000, "Code"},
		call.NotFound:                {404, "", 1000, "Code"},
		call.ClientDisconnect:        {408, "", 1000, "Code"},
		call.RateLimited:             {429, "", 1013, "Code"},
		call.Overloaded:              {503, "", 1013, "Code"},
		call.RejectedBeforeExecution: {503, "", 1013, "Code"},
		call.FeatureUnavailable:      {503, "", 1013, "Code"},
		call.OCC:                     {503, "", 1013, "Code"},
		call.OutOfRetention:          {503, "", 1013, "Code"},
		call.Misdirected:             {421, "", 1013, "Code"},
		call.TooEarly:                {425, "", 1013, "Code"},
		call.Operational:             {500, "", 1011, "Code"},
		call.InternalError:           {500, "", 1011, "Code"},
	} {
		synctest.Test(t, func(t *testing.T) {
			d, via := startPiped(t, Config{})
			c := dialVia(t, d, via, nil)
			c.add(0, 0, "users:me", `{}`)
			c.untilQuerySet(1)
			failed := call.NewError(class, "Code", "Message")
			for _, s := range d.sync.open() {
				s.end(failed)
			}
			if want.last != "" {
				if m := c.expect(want.last); m.Error != "Message" || m.AuthUpdateAttempted != (class == call.AuthUpdateFailed) {
					t.Errorf("class %d: %+v", class, m)
				}
			}
			c.expectClose(want.code, want.reason)
			answer := httptest.NewRecorder()
			call.WriteError(answer, failed)
			if answer.Code != want.status || answer.Body.String() != `{"code":"Code","message":"Message"}` {
				t.Errorf("class %d: %d %s", class, answer.Code, answer.Body)
			}
		})
	}
}

func TestServerError_unknownOnesAreInternal(t *testing.T) {
	answer := httptest.NewRecorder()
	call.WriteError(answer, errors.New("secret"))
	if answer.Code != http.StatusInternalServerError || answer.Body.String() != `{"code":"InternalServerError","message":"Your request couldn't be completed. Try again later."}` {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}
