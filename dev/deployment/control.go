package deployment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
)

const (
	maxControlRequest = 64 << 10
	maxDelay          = 10 * time.Minute
)

// controlRoutes are the faults over HTTP, for test suites in other languages; the package comment lists them.
func (d *Deployment) controlRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /dev/control/stats", d.serveStats)
	mux.HandleFunc("GET /dev/control/admin_key", d.serveAdminKey)
	mux.HandleFunc("POST /dev/control/cut", control(func(struct{}, *http.Request) error { d.CutSockets(); return nil }))
	mux.HandleFunc("POST /dev/control/close", control(d.controlClose))
	mux.HandleFunc("POST /dev/control/pause", control(func(struct{}, *http.Request) error { d.Pause(); return nil }))
	mux.HandleFunc("POST /dev/control/resume", control(func(struct{}, *http.Request) error { d.Resume(); return nil }))
	mux.HandleFunc("POST /dev/control/restart", control(d.controlRestart))
	mux.HandleFunc("POST /dev/control/fail", control(d.controlFail))
	mux.HandleFunc("POST /dev/control/fail_upgrades", control(d.controlFailUpgrades))
	mux.HandleFunc("POST /dev/control/delay", control(d.controlDelay))
	mux.HandleFunc("POST /dev/control/stop", control(d.controlStop))
	mux.HandleFunc("POST /dev/control/redact", control(d.controlRedact))
}

type closeControl struct {
	Code   int    `json:"code"`
	Reason string `json:"reason"`
}

type restartControl struct {
	KeepSockets bool `json:"keepSockets"`
}

type failControl struct {
	N       *int   `json:"n"` // 1 if absent
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type failUpgradesControl struct {
	N      *int `json:"n"` // 1 if absent
	Status int  `json:"status"`
}

type delayControl struct {
	Milliseconds float64 `json:"ms"`
}

type stopControl struct {
	State StopState `json:"state"`
}

type redactControl struct {
	On bool `json:"on"`
}

func (d *Deployment) controlClose(c closeControl, _ *http.Request) error {
	if c.Code != 0 && (c.Code < 1000 || c.Code > 4999) {
		return errors.New("code must be 0 or from 1000 to 4999")
	}
	d.CloseSockets(c.Code, c.Reason)
	return nil
}

func (d *Deployment) controlRestart(c restartControl, r *http.Request) error {
	d.restart(c.KeepSockets, connOf(r.Context()))
	return nil
}

func (d *Deployment) controlFail(c failControl, _ *http.Request) error {
	if err := checkStatus(c.Status); err != nil {
		return err
	}
	d.FailNext(orOne(c.N), Failure{c.Status, c.Code, c.Message})
	return nil
}

func (d *Deployment) controlFailUpgrades(c failUpgradesControl, _ *http.Request) error {
	if err := checkStatus(c.Status); err != nil {
		return err
	}
	d.FailNextUpgrades(orOne(c.N), c.Status)
	return nil
}

func (d *Deployment) controlDelay(c delayControl, _ *http.Request) error {
	if c.Milliseconds < 0 || c.Milliseconds > float64(maxDelay.Milliseconds()) {
		return fmt.Errorf("ms must be from 0 to %d", maxDelay.Milliseconds())
	}
	d.Delay(time.Duration(c.Milliseconds * float64(time.Millisecond)))
	return nil
}

func (d *Deployment) controlStop(c stopControl, _ *http.Request) error {
	if c.State != Running && app.StopText(c.State) == "" {
		return fmt.Errorf("state %q is unknown", c.State)
	}
	return d.Stop(c.State)
}

func (d *Deployment) controlRedact(c redactControl, _ *http.Request) error {
	d.SetRedact(c.On)
	return nil
}

func checkStatus(status int) error {
	if status != 0 && (status < 200 || status > 599) {
		return errors.New("status must be 0 or from 200 to 599")
	}
	return nil
}

func orOne(n *int) int {
	if n == nil {
		return 1
	}
	return *n
}

// control serves a POST whose body is a T, or empty, and answers {}.
func control[T any](do func(T, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		request, err := readControl[T](http.MaxBytesReader(w, r.Body, maxControlRequest))
		if err == nil {
			err = do(request, r)
		}
		if err != nil {
			call.WriteError(w, call.NewBadRequest("BadControlRequest", err.Error()))
			return
		}
		call.WriteJSON(w, http.StatusOK, []byte("{}"))
	}
}

func readControl[T any](body io.Reader) (request T, err error) {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(&request); err != nil && !errors.Is(err, io.EOF) {
		return request, fmt.Errorf("body: %w", err)
	}
	return request, nil
}

func (d *Deployment) serveStats(w http.ResponseWriter, _ *http.Request) {
	body, _ := json.Marshal(d.Stats())
	call.WriteJSON(w, http.StatusOK, body)
}

func (d *Deployment) serveAdminKey(w http.ResponseWriter, _ *http.Request) {
	body, _ := json.Marshal(map[string]string{"adminKey": d.AdminKey()})
	call.WriteJSON(w, http.StatusOK, body)
}
