// Package convexapp has the typed contract of the sample app, which dev serves.
package convexapp

import (
	"embed"
	"io/fs"
)

//go:generate go test -run ^TestContract$ . -update

//go:embed api
var files embed.FS

// API returns the files of the contract, as --api has them in a folder.
func API() fs.FS {
	api, err := fs.Sub(files, "api")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return api
}
