"""What mypy refuses."""

from convex.app.messages import messages_pb2 as pb

pb.SendRequest(text="hello")  # refused
pb.ListRequest(limit="ten")  # refused
pb.SendRequest(body="hello")
