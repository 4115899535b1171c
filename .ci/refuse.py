"""A fake gateway that refuses the first two queries and every mutation with UNAVAILABLE, and prints each call.

Runs in the environment of examples/python, with its stubs.
"""

import os
import sys
from concurrent import futures

import grpc

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "examples/python"))

from convexgateway.v1 import function_service_pb2 as pb
from convexgateway.v1 import function_service_pb2_grpc


class Refusing(function_service_pb2_grpc.FunctionServiceServicer):
    refused = 0

    def Query(self, request, context):
        if self.refused < 2:
            self.refused += 1
            print("Query refused", flush=True)
            context.abort(grpc.StatusCode.UNAVAILABLE, "try again")
        print("Query", flush=True)
        return pb.QueryResponse(value_json=b"null" if request.path == "users:me" else b"[]")

    def Mutate(self, request, context):
        print("Mutate refused", flush=True)
        context.abort(grpc.StatusCode.UNAVAILABLE, "do not try again")


server = grpc.server(futures.ThreadPoolExecutor())
function_service_pb2_grpc.add_FunctionServiceServicer_to_server(Refusing(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(f"listening on 127.0.0.1:{port}", flush=True)
server.wait_for_termination()
