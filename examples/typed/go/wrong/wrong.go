// Package wrong is what the compiler refuses.
package wrong

import (
	"google.golang.org/protobuf/proto"

	"contracts/convex/app/messages"
)

var (
	_ = &messages.SendRequest{Text: "hello"}              // refused
	_ = &messages.ListRequest{Limit: proto.String("ten")} // refused
	_ = &messages.SendRequest{Body: "hello"}
)
