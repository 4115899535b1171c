import convex.app.messages.ListRequest;
import convex.app.messages.SendRequest;

/** What javac refuses. */
final class Wrong {
  Object text = SendRequest.newBuilder().setText("hello"); // refused
  Object limit = ListRequest.newBuilder().setLimit("ten"); // refused
  Object body = SendRequest.newBuilder().setBody("hello");
}
