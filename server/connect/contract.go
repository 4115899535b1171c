package connect

import (
	"strings"

	"connectrpc.com/connect/v2"

	"convexgateway/server/typed"
)

// contract is the procedures of an app's contract, as it was at a time.
type contract struct {
	procedures
	api *typed.API // nil: there is none
}

// current returns the procedures of the app's contract as it is now. They are made again when it has changed.
func (h *Handler) current() *contract {
	var api *typed.API
	if h.Contract != nil {
		api = h.Contract()
	}
	c := h.contract.Load()
	if c == nil || c.api != api {
		c = h.newContract(api)
		h.contract.Store(c)
	}
	return c
}

func (h *Handler) newContract(api *typed.API) *contract {
	c := &contract{procedures: newProcedures(), api: api}
	if api == nil {
		return c
	}
	server := connect.NewServer()
	for _, name := range api.Names() {
		m := api.Method(name)
		spec := connect.Spec{Procedure: name, Schema: m.Descriptor()}
		if m.Stream {
			spec.StreamType = connect.StreamTypeServer
		}
		c.services[name[:strings.LastIndexByte(name, '/')+1]], c.methods[name] = true, spec
		server.Register(connect.Method{Spec: spec, Handler: serve(h.Calls.Handler(name, m.Stream, h.Typed(m)), nil)})
	}
	mount(c.handlers, server)
	return c
}
