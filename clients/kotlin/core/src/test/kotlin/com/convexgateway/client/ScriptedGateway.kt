package com.convexgateway.client

import com.convexgateway.v1.AuthServiceGrpcKt.AuthServiceCoroutineImplBase
import com.convexgateway.v1.AuthStateRequest
import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.FunctionServiceGrpcKt.FunctionServiceCoroutineImplBase
import com.convexgateway.v1.RefreshAuthRequest
import com.convexgateway.v1.RefreshAuthResponse
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import io.grpc.InsecureServerCredentials
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

    /** The events of an AuthState stream. */
    @Volatile
    var authState: (AuthStateRequest) -> Flow<AuthStateResponse> = { unimplemented() }

    /** The response to a new token. */
    @Volatile
    var refreshAuth: suspend (RefreshAuthRequest) -> RefreshAuthResponse = { throw StatusException(Status.UNIMPLEMENTED) }

    private val functions = object : FunctionServiceCoroutineImplBase() {
        override fun subscribe(request: SubscribeRequest) = this@ScriptedGateway.subscribe(request)
    }
    private val auth = object : AuthServiceCoroutineImplBase() {
        override fun authState(request: AuthStateRequest) = this@ScriptedGateway.authState(request)
        override suspend fun refreshAuth(request: RefreshAuthRequest) = this@ScriptedGateway.refreshAuth(request)
    }
    private val server = OkHttpServerBuilder
        .forPort(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
        .addService(functions).addService(auth).build().start()

    /** The address for clients. */
    val target = "http://127.0.0.1:${server.port}"

    override fun close() {
        server.shutdownNow()
    }

    private fun <E> unimplemented(): Flow<E> = flow { throw StatusException(Status.UNIMPLEMENTED) }
}
