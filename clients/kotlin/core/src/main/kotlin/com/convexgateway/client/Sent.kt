package com.convexgateway.client

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ClientStreamTracer
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.Status
import io.grpc.StatusException

/** Notes whether any part of a call was given to a connection. */
internal class Sent : ClientInterceptor {
    @Volatile
    var happened = false
        private set

    /** Whether a call that was sent may have run: it has failed, and not because it was refused. */
    @Volatile
    var mayHaveRun = false

    /** Another call begins, which was not sent yet. */
    fun begin() {
        happened = false
    }

    private val tracer = object : ClientStreamTracer() {
        override fun outboundHeaders() {
            happened = true
        }
    }

    private val tracers = object : ClientStreamTracer.Factory() {
        override fun newClientStreamTracer(info: ClientStreamTracer.StreamInfo, headers: Metadata) = tracer
    }

    override fun <Q, A> interceptCall(method: MethodDescriptor<Q, A>, options: CallOptions, next: Channel): ClientCall<Q, A> =
        next.newCall(method, options.withStreamTracerFactory(tracers))
}

/** A call has failed and nothing of it was sent. */
internal class NotSentException(status: Status, trailers: Metadata? = null) : StatusException(status, trailers) {
    constructor(failure: StatusException) : this(failure.status, failure.trailers)
}

/** A call's connection was left before its response. */
internal class LeftException : StatusException(Status.UNAVAILABLE.withDescription("the connection was left"))
