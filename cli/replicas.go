package cli

import (
	"fmt"

	"convexgateway/auth/journal"
	"convexgateway/auth/nats"
	"convexgateway/server"
)

// replicaFlags are the flags of the exchange between replicas.
type replicaFlags struct {
	NATSURL         secret `name:"nats-url" placeholder:"URL" group:"Replicas" help:"NATS servers over which replicas tell each other of sign-outs, revocations, refreshes and used tickets: nats://host:4222, tls://…, several with commas between. Without it they act on one replica."`
	NATSURLFile     string `name:"nats-url-file" placeholder:"FILE" group:"Replicas" help:"File with what --nats-url would be."`
	NATSCreds       string `name:"nats-creds" placeholder:"FILE" group:"Replicas" help:"Credentials file for NATS, as nsc writes it."`
	RevocationsFile string `placeholder:"FILE" group:"Replicas" help:"File of this replica's own in which revocations and sign-outs are kept for 24 hours, so that they survive a restart. Without it a restarted replica learns them from the others, over NATS, or not at all."`
	NATSSubject     string `name:"nats-subject" default:"${natsSubject}" group:"Replicas" help:"First part of the NATS subjects, the same for all replicas of one gateway."`
}

// exchange returns the settings of the exchange; without NATS they have no URL. Its keys are derived from the cluster keys, which all replicas share.
func (f replicaFlags) exchange(c server.Config) (nats.Config, error) {
	url, err := flagOrFile("--nats-url", string(f.NATSURL), f.NATSURLFile)
	if err != nil {
		return nats.Config{}, err
	}
	keys, err := c.ClusterKeys.Derive(exchangePurpose)
	if err != nil {
		return nats.Config{}, fmt.Errorf("--cluster-key: %w", err)
	}
	requestIDs, err := c.RequestIDFingerprint()
	if err != nil {
		return nats.Config{}, byFlags(err)
	}
	return nats.Config{URL: url, CredsFile: f.NATSCreds, Subject: f.NATSSubject, Keys: keys, RequestIDs: requestIDs}, nil
}

// exchangePurpose is what the keys of the exchange are derived for.
const exchangePurpose = "convexgateway exchange"

// join sets c.Exchange if --nats-url or --revocations-file is given. Call leave when the gateway has ended.
func (f replicaFlags) join(c *server.Config) (leave func(), err error) {
	leave, err = f.joinNATS(c)
	if err != nil || f.RevocationsFile == "" {
		return leave, err
	}
	kept, err := journal.Open(f.RevocationsFile, c.Exchange, c.Logger)
	if err != nil {
		leave()
		return nil, fmt.Errorf("--revocations-file: %w", err)
	}
	c.Exchange = kept
	return func() { kept.Close(); leave() }, nil
}

// joinNATS sets c.Exchange and c.ExchangeKeys if --nats-url is given.
func (f replicaFlags) joinNATS(c *server.Config) (leave func(), err error) {
	settings, err := f.exchange(*c)
	if err != nil || settings.URL == "" {
		return func() {}, err
	}
	if len(settings.Keys) == 0 {
		c.Logger.Warn("no --cluster-key: notices between replicas, tokens included, cross NATS as plain text")
	}
	settings.Logger = c.Logger
	exchange, err := nats.New(settings)
	if err != nil {
		return nil, err
	}
	c.Exchange, c.ExchangeConnected = exchange, exchange.Connected
	c.ExchangeKeys = func(keys server.Keys) error {
		derived, err := keys.Derive(exchangePurpose)
		if err != nil {
			return err
		}
		return exchange.ReplaceKeys(derived)
	}
	return exchange.Close, nil
}
