// Command replicas tests that a gateway of three replicas is restarted without a loss: behind HAProxy with the configuration
// of deploy/haproxy, and with NATS between them, while clients follow queries and write.
//
//	go run ./deploy/replicas                       # needs haproxy 2.6 or newer in the PATH
//	go run ./deploy/replicas -previous PROGRAM     # replicas of an earlier convexgateway, which change to this one, and two of them back
//
// Each client follows the newest message of a channel; each channel has one writer, whose messages are numbered. All three
// replicas are stopped and started, one after the other. Then every stream must have the last message, none may have received
// an older message after a newer one, each channel must have each message once and in order, and the reconnects must not have
// multiplied the queries upstream. At the end each replica takes calls of a client that is newer than it, and a sign-out on each replica must end the streams on the others. The first failure
// ends the command with code 1.
//
//	cluster      the deployment, NATS, three gateways and HAProxy
//	user         a signed-in user with a connection of their own
//	stream       one Subscribe of a user to a channel, reconnected with its resume token
//	writer       the sender of a channel's messages
//	move         a query whose streams reconnect to another replica
//	observation  what was counted in a span of time
package main
