package com.example.app

import com.convexgateway.client.Convex
import com.convexgateway.client.action
import com.convexgateway.client.mutation
import com.convexgateway.client.query
import com.convexgateway.testing.FakeConvex

/** Calls of the wrong kind. Each line that ends with "refused" does not compile, and no other. */
suspend fun wrong(convex: Convex) {
    val list = query<List<String>>("messages:list")
    val send = mutation<String>("messages:send")
    val mail = action<String>("mail:send")
    convex.query(list)
    convex.mutate(send)
    convex.action(mail)
    convex.subscribe(send) // refused
    convex.subscribe(mail) // refused
    convex.query(send) // refused
    convex.mutate(list) // refused
    convex.mutate(mail) // refused
    convex.action(list) // refused
    convex.action(send) // refused
    FakeConvex().on(send) { "an id" }
    FakeConvex().on(send) { 1 } // refused
}

/** What the libraries hide. */
suspend fun hidden() {
    io.grpc.Status.OK // refused
    com.google.protobuf.ByteString.EMPTY // refused
}
