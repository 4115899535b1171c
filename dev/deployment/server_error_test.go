package deployment

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/coder/websocket"
)

func TestServerError_endsSocketsByClass(t *testing.T) {
	const none = websocket.StatusNoStatusRcvd
	for class, want := range map[errorClass]struct {
		status int
		last   string
		code   websocket.StatusCode
		reason string
	}{
		badRequest:              {400, "FatalError", none, ""},
		conflict:                {409, "FatalError", none, ""},
		unauthenticated:         {401, "AuthError", none, ""},
		authUpdateFailed:        {401, "AuthError", none, ""},
		forbidden:               {403, "FatalError", 1000, "Code"},
		paginationLimit:         {400, "FatalError", 1000, "Code"},
		notFound:                {404, "", 1000, "Code"},
		clientDisconnect:        {408, "", 1000, "Code"},
		rateLimited:             {429, "", 1013, "Code"},
		overloaded:              {503, "", 1013, "Code"},
		rejectedBeforeExecution: {503, "", 1013, "Code"},
		featureUnavailable:      {503, "", 1013, "Code"},
		occ:                     {503, "", 1013, "Code"},
		outOfRetention:          {503, "", 1013, "Code"},
		misdirected:             {421, "", 1013, "Code"},
		tooEarly:                {425, "", 1013, "Code"},
		operational:             {500, "", 1011, "Code"},
		internalError:           {500, "", 1011, "Code"},
	} {
		synctest.Test(t, func(t *testing.T) {
			d, via := startPiped(t, Config{})
			c := dialVia(t, d, via, nil)
			c.add(0, 0, "users:me", `{}`)
			c.untilQuerySet(1)
			failed := &serverError{class, "Code", "Message"}
			for _, s := range d.sync.open() {
				s.end(failed)
			}
			if want.last != "" {
				if m := c.expect(want.last); m.Error != "Message" || m.AuthUpdateAttempted != (class == authUpdateFailed) {
					t.Errorf("class %d: %+v", class, m)
				}
			}
			c.expectClose(want.code, want.reason)
			answer := httptest.NewRecorder()
			writeError(answer, failed)
			if answer.Code != want.status || answer.Body.String() != `{"code":"Code","message":"Message"}` {
				t.Errorf("class %d: %d %s", class, answer.Code, answer.Body)
			}
		})
	}
}

func TestServerError_unknownOnesAreInternal(t *testing.T) {
	answer := httptest.NewRecorder()
	writeError(answer, errors.New("secret"))
	if answer.Code != http.StatusInternalServerError || answer.Body.String() != `{"code":"InternalServerError","message":"Your request couldn't be completed. Try again later."}` {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}
