package cli

import "convexgateway/server"

// contractFlags are the app's typed contract.
type contractFlags struct {
	API       string `name:"api" placeholder:"DIR" group:"Contract" help:"Folder of the app's typed contract, as generate writes it: calls are checked by its spec.json before they are made. Read again when it changes, and on SIGHUP. By default, in dev, that of the sample app; in serve, none."`
	StrictAPI bool   `name:"strict-api" group:"Contract" help:"Refuse functions that are not in --api, as if they did not exist. By default they are passed on."`
}

// set copies the flags into a Config.
func (f *contractFlags) set(c *server.Config) { c.API, c.StrictAPI = f.API, f.StrictAPI }
