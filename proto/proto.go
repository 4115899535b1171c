// Package proto has the gateway's contract as files.
package proto

import "embed"

//go:embed convexgateway/v1/*.proto
var files embed.FS

// Files returns the proto files by their paths.
func Files() map[string][]byte {
	const folder = "convexgateway/v1"
	entries, err := files.ReadDir(folder)
	if err != nil {
		panic(err) // the folder is embedded
	}
	texts := map[string][]byte{}
	for _, entry := range entries {
		name := folder + "/" + entry.Name()
		if texts[name], err = files.ReadFile(name); err != nil {
			panic(err)
		}
	}
	return texts
}
