package com.convexgateway.client

import com.convexgateway.v1.AuthServiceGrpcKt.AuthServiceCoroutineImplBase
import com.convexgateway.v1.AuthStateRequest
import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.FunctionServiceGrpcKt.FunctionServiceCoroutineImplBase
import com.convexgateway.v1.MutateRequest
import com.convexgateway.v1.MutateResponse
import com.convexgateway.v1.RefreshAuthRequest
import com.convexgateway.v1.RefreshAuthResponse
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.WatchRequest
import com.convexgateway.v1.WatchResponse
import io.grpc.Contexts
import io.grpc.InsecureServerCredentials
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.okhttp.OkHttpServerBuilder
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** A server of the contract whose responses tests set: what the gateway sends in rare cases, or with tokens that it does not take. */
class ScriptedGateway : AutoCloseable {
    /** The events of a Subscribe stream. */
    @Volatile
    var subscribe: (SubscribeRequest) -> Flow<SubscribeResponse> = { unimplemented() }

    /** The responses of a Watch stream to its commands. */
    @Volatile
    var watch: (Flow<WatchRequest>) -> Flow<WatchResponse> = { unimplemented() }

    /** The answer to a mutation with a token, which is empty for anonymous calls. */
    @Volatile
    var mutate: suspend (MutateRequest, token: String) -> MutateResponse = { _, _ -> throw StatusException(Status.UNIMPLEMENTED) }

    /** The events of an AuthState stream that is opened with a token. */
    @Volatile
    var authState: (token: String) -> Flow<AuthStateResponse> = { unimplemented() }

    /** The response to a new token of a session. */
    @Volatile
    var refreshAuth: suspend (token: String) -> RefreshAuthResponse = { throw StatusException(Status.UNIMPLEMENTED) }

    private val functions = object : FunctionServiceCoroutineImplBase() {
        override fun subscribe(request: SubscribeRequest) = this@ScriptedGateway.subscribe(request)
        override fun watch(requests: Flow<WatchRequest>) = this@ScriptedGateway.watch(requests)
        override suspend fun mutate(request: MutateRequest) = this@ScriptedGateway.mutate(request, TOKEN.get())
    }
    private val auth = object : AuthServiceCoroutineImplBase() {
        override fun authState(request: AuthStateRequest) = this@ScriptedGateway.authState(TOKEN.get())
        override suspend fun refreshAuth(request: RefreshAuthRequest) = this@ScriptedGateway.refreshAuth(TOKEN.get())
    }
    private val server = OkHttpServerBuilder
        .forPort(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
        .addService(functions).addService(auth).intercept(credentials()).build().start()

    /** The address for clients. */
    val target = "http://127.0.0.1:${server.port}"

    override fun close() {
        server.shutdownNow()
    }

    private fun credentials() = object : ServerInterceptor {
        override fun <Q, A> interceptCall(call: ServerCall<Q, A>, headers: Metadata, next: ServerCallHandler<Q, A>): ServerCall.Listener<Q> {
            val token = headers.get(AUTHORIZATION).orEmpty().removePrefix("Bearer ")
            return Contexts.interceptCall(io.grpc.Context.current().withValue(TOKEN, token), call, headers, next)
        }
    }

    private fun <E> unimplemented(): Flow<E> = flow { throw StatusException(Status.UNIMPLEMENTED) }

    private companion object {
        val AUTHORIZATION: Metadata.Key<String> = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)
        val TOKEN: io.grpc.Context.Key<String> = io.grpc.Context.key("token")
    }
}
