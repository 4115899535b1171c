import convex.app.messages.ListItem;
import convex.app.messages.ListRequest;
import convex.app.messages.MessagesGrpc.MessagesBlockingStub;
import convex.app.messages.SendRequest;
import convex.app.messages.SubscribeListRequest;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** A typed worker: it answers each new message of the channel work. */
final class Worker {
  private static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);

  private final MessagesBlockingStub messages;

  Worker(MessagesBlockingStub messages) {
    this.messages = messages;
  }

  /** Follows the channel until the stream ends. */
  void answers() {
    ListRequest args = ListRequest.newBuilder().setChannel("work").setLimit(1).build();
    messages.subscribeList(SubscribeListRequest.newBuilder().setArgs(args).build())
        .forEachRemaining(event -> event.getValue().getValueList().forEach(this::answer));
  }

  private void answer(ListItem row) {
    if (row.getAuthor().equals("worker")) {
      return;
    }
    // The request id is made of the message's: another run of the worker sends nothing twice.
    Metadata headers = new Metadata();
    headers.put(REQUEST_ID, "answer-to-" + row.getId());
    SendRequest answer = SendRequest.newBuilder().setBody("done: " + row.getBody()).setChannel("work").setAuthor("worker").build();
    messages.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)).send(answer);
  }
}
