package call

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWriteError_answersByClass(t *testing.T) {
	for class, want := range map[Class]int{
		BadRequest:              400,
		Conflict:                409,
		Unauthenticated:         401,
		AuthUpdateFailed:        401,
		Forbidden:               403,
		PaginationLimit:         400,
		NotFound:                404,
		ClientDisconnect:        408,
		RateLimited:             429,
		Overloaded:              503,
		RejectedBeforeExecution: 503,
		FeatureUnavailable:      503,
		OCC:                     503,
		OutOfRetention:          503,
		Misdirected:             421,
		TooEarly:                425,
		Operational:             500,
		InternalError:           500,
	} {
		answer := httptest.NewRecorder()
		WriteError(answer, NewError(class, "Code", "Message"))
		if answer.Code != want || answer.Body.String() != `{"code":"Code","message":"Message"}` {
			t.Errorf("class %d: %d %s", class, answer.Code, answer.Body)
		}
	}
}

func TestWriteError_unknownErrorsAreInternal(t *testing.T) {
	answer := httptest.NewRecorder()
	WriteError(answer, errors.New("secret"))
	if answer.Code != http.StatusInternalServerError || answer.Body.String() != `{"code":"InternalServerError","message":"Your request couldn't be completed. Try again later."}` {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}
