// A typed worker: it answers each new message of the channel work.
package main

import (
	"context"
	"log"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"contracts/convex/app/messages"
)

func main() {
	conn, err := grpc.NewClient(os.Getenv("GATEWAY"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	log.Print(answers(context.Background(), messages.NewMessagesClient(conn)))
}

// answers follows the channel until the stream ends.
func answers(ctx context.Context, client messages.MessagesClient) error {
	args := &messages.ListRequest{Channel: proto.String("work"), Limit: proto.Float64(1)}
	stream, err := client.SubscribeList(ctx, &messages.SubscribeListRequest{Args: args})
	if err != nil {
		return err
	}
	for {
		event, err := stream.Recv()
		if err != nil {
			return err
		}
		for _, row := range event.GetValue().GetValue() {
			if err := answer(ctx, client, row); err != nil {
				return err
			}
		}
	}
}

func answer(ctx context.Context, client messages.MessagesClient, row *messages.ListItem) error {
	if row.Author == "worker" {
		return nil
	}
	// The request id is made of the message's: another run of the worker sends nothing twice.
	ctx = metadata.AppendToOutgoingContext(ctx, "idempotency-key", "answer-to-"+row.Id)
	_, err := client.Send(ctx, &messages.SendRequest{Body: "done: " + row.Body, Channel: proto.String("work"), Author: proto.String("worker")})
	return err
}
