package com.convexgateway.client

import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.AuthStateResponse.State
import com.convexgateway.v1.FunctionError
import com.convexgateway.v1.RefreshAuthResponse
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.Unchanged
import com.google.protobuf.ByteString
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.consumeAsFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion

/** A [ScriptedGateway] with streams whose events a test sends, and a session whose identity a test sets. */
class ScriptedQuery : AutoCloseable {
    /** A Subscribe stream that was opened. */
    class Stream(val request: SubscribeRequest) {
        val events = Channel<SubscribeResponse>(Channel.UNLIMITED)
    }

    /** All streams that were opened, the oldest first. */
    val opened = CopyOnWriteArrayList<Stream>()

    /** How many of them are open. */
    val open = AtomicInteger()

    /** The tag of the identity of signed-in users, as AuthState has it. */
    val tag = MutableStateFlow("ada")

    private val gateway = ScriptedGateway().apply {
        subscribe = { request ->
            val stream = Stream(request)
            open.incrementAndGet()
            opened += stream
            stream.events.consumeAsFlow().onCompletion { open.decrementAndGet() }
        }
        authState = {
            tag.map { AuthStateResponse.newBuilder().setState(State.STATE_AUTHENTICATED).setIdentityTag(it).build() }
        }
        refreshAuth = { RefreshAuthResponse.newBuilder().setIdentityTag(tag.value).setAdoptedStreams(1).build() }
    }

    /** The address for clients. */
    val target get() = gateway.target

    /** The stream with this number, once it is opened. */
    suspend fun stream(number: Int): Stream {
        eventually { opened.size >= number }
        return opened[number - 1]
    }

    override fun close() = gateway.close()

    companion object {
        fun value(json: String, tag: String = "", token: String = "of $json"): SubscribeResponse =
            SubscribeResponse.newBuilder().setValueJson(ByteString.copyFromUtf8(json)).setIdentityTag(tag).setResumeToken(token).build()

        fun error(message: String, tag: String = ""): SubscribeResponse = SubscribeResponse.newBuilder()
            .setFunctionError(FunctionError.newBuilder().setReason("FUNCTION_FAILED").setMessage(message)).setIdentityTag(tag).build()

        fun unchanged(tag: String = "", token: String = "unchanged"): SubscribeResponse =
            SubscribeResponse.newBuilder().setUnchanged(Unchanged.getDefaultInstance()).setIdentityTag(tag).setResumeToken(token).build()
    }
}

/** Signs in with tokens of a test, which no gateway has to verify. */
class ScriptedProvider(@Volatile var token: String) : AuthProvider<String> {
    /** The client's callback for pushed tokens. */
    @Volatile
    var push: (String?) -> Unit = {}

    override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = loginFromCache(onIdToken)

    override suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<String> {
        push = onIdToken
        return Result.success(token)
    }

    override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
    override fun extractIdToken(authResult: String) = authResult
}
