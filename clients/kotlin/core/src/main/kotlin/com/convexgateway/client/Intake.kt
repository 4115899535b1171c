package com.convexgateway.client

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ClientStreamTracer
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update

/**
 * Whether a stream's collector has taken all that has arrived.
 *
 * A message is read from what has arrived when it was requested, under the lock of its connection (grpc/grpc-java,
 * core/src/main/java/io/grpc/internal/MessageDeframer.java and okhttp/src/main/java/io/grpc/okhttp/OkHttpClientStream.java). The stub
 * requests one when the collector has taken the one before (grpc/grpc-kotlin, stub/src/main/java/io/grpc/kotlin/ClientCalls.kt). So there
 * is nothing left after a request for which no message has begun.
 */
internal class Intake : ClientInterceptor {
    private val open = MutableStateFlow(0) // requests without a message; below 0 during a request

    private val tracer = object : ClientStreamTracer() {
        override fun inboundMessage(number: Int) = open.update { it - 1 }
    }

    private val tracers = object : ClientStreamTracer.Factory() {
        override fun newClientStreamTracer(info: ClientStreamTracer.StreamInfo, headers: Metadata) = tracer
    }

    override fun <Q, A> interceptCall(method: MethodDescriptor<Q, A>, options: CallOptions, next: Channel): ClientCall<Q, A> =
        object : SimpleForwardingClientCall<Q, A>(next.newCall(method, options.withStreamTracerFactory(tracers))) {
            override fun request(numMessages: Int) {
                super.request(numMessages)
                open.update { it + numMessages }
            }
        }

    /** Waits until the collector has taken all that has arrived by now, or the stream has ended. */
    suspend fun taken() {
        open.first { it > 0 }
    }

    /** The stream has ended. */
    fun end() {
        open.value = Int.MAX_VALUE
    }
}
