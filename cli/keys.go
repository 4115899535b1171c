package cli

import (
	"errors"
	"fmt"

	"convexgateway/server"
)

// keyFlags are the keys that all replicas share.
type keyFlags struct {
	ClusterKeys      secret `name:"cluster-key" placeholder:"BASE64" group:"Keys" help:"Secret that all replicas share, 32 bytes in base64: it seals one-time tickets of streams and the notices between replicas, and without --request-id-key request ids follow from it. Several with commas between: the first seals, all open. Without one, serve refuses request ids, and tickets are good on one replica only; dev makes one up."`
	ClusterKeysFile  string `name:"cluster-key-file" placeholder:"FILE" group:"Keys" help:"File with what --cluster-key would be. Read again when it changes."`
	TicketKey        secret `name:"ticket-key" placeholder:"BASE64" group:"Keys" help:"Earlier name of --cluster-key."`
	TicketKeyFile    string `name:"ticket-key-file" placeholder:"FILE" group:"Keys" help:"Earlier name of --cluster-key-file."`
	RequestIDKey     secret `name:"request-id-key" placeholder:"BASE64" group:"Keys" help:"Secret that all replicas share, 32 bytes in base64, by which mutations with a request id run once. By default it follows from the first --cluster-key. Before that one is replaced, set it to the one in use: then request ids stay good."`
	RequestIDKeyFile string `name:"request-id-key-file" placeholder:"FILE" group:"Keys" help:"File with what --request-id-key would be."`

	clusterKeys  server.Keys // what read has found
	requestIDKey server.Key
}

// set copies the keys into a Config.
func (f *keyFlags) set(c *server.Config) {
	c.ClusterKeys, c.RequestIDKey = f.clusterKeys, f.requestIDKey
}

// read finds the keys in flags and files, and checks them.
func (f *keyFlags) read() error {
	flag, text, err := f.cluster()
	if err != nil {
		return err
	}
	keys := server.ParseKeys(text)
	if err := keys.Check(); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	id, err := flagOrFile("--request-id-key", string(f.RequestIDKey), f.RequestIDKeyFile)
	if err != nil {
		return err
	}
	f.clusterKeys, f.requestIDKey = keys, server.Key(id)
	return nil
}

// cluster returns the cluster keys as text, and the name of their flag.
func (f *keyFlags) cluster() (flag, text string, err error) {
	text, err = flagOrFile("--cluster-key", string(f.ClusterKeys), f.ClusterKeysFile)
	if err != nil {
		return "", "", err
	}
	earlier, err := flagOrFile("--ticket-key", string(f.TicketKey), f.TicketKeyFile)
	switch {
	case err != nil:
		return "", "", err
	case earlier == "":
		return "--cluster-key", text, nil
	case text != "" && text != earlier:
		return "", "", errors.New("--cluster-key and --ticket-key: they are two names of one setting, and their values differ; give --cluster-key alone")
	}
	return "--ticket-key", earlier, nil
}
