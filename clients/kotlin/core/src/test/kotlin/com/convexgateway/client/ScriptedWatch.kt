package com.convexgateway.client

import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.AuthStateResponse.State
import com.convexgateway.v1.Connection
import com.convexgateway.v1.MutateResponse
import com.convexgateway.v1.RefreshAuthResponse
import com.convexgateway.v1.TargetChange
import com.convexgateway.v1.TargetRemoved
import com.convexgateway.v1.Unchanged
import com.convexgateway.v1.WatchQuery
import com.convexgateway.v1.WatchRequest
import com.convexgateway.v1.WatchResponse
import com.google.protobuf.ByteString
import io.grpc.Status
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.Channel.Factory.UNLIMITED
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.launch

/** A [ScriptedGateway] with Watch streams whose responses a test sends, and a session whose identity a test sets. */
class ScriptedWatch : AutoCloseable {
    /** A Watch stream that was opened. */
    class Stream {
        val commands = Channel<WatchRequest>(UNLIMITED)
        val responses = Channel<WatchResponse>(UNLIMITED)

        /** The next query that is added. */
        suspend fun added(): WatchQuery = commands.until { it.hasAdd() }.add

        suspend fun send(vararg changes: TargetChange.Builder, time: Long = 0, group: Int = 0, more: Boolean = false, complete: Boolean = true, tag: String = "") {
            val response = WatchResponse.newBuilder().setGroup(group).setMore(more).setComplete(complete).setIdentityTag(tag)
            changes.forEach { response.addChanges(it) }
            if (time > 0) response.setReadTime(timestampOf(time))
            responses.send(response.build())
        }

        suspend fun reconnecting() = responses.send(
            WatchResponse.newBuilder().setConnection(Connection.newBuilder().setState(Connection.State.STATE_RECONNECTING)).build(),
        )
    }

    private val streams = CopyOnWriteArrayList<Stream>()

    /** How many are open. */
    val open = AtomicInteger()

    /** The tag of the identity of signed-in users, as AuthState has it. */
    val tag = MutableStateFlow("ada")

    /** The answers to mutations. */
    val answers = Channel<Result<MutateResponse>>(UNLIMITED)

    val gateway = ScriptedGateway().apply {
        watch = { requests ->
            val stream = Stream()
            streams += stream
            open.incrementAndGet()
            channelFlow {
                coroutineScope {
                    launch { requests.collect { stream.commands.send(it) } }
                    for (response in stream.responses) this@channelFlow.send(response)
                    throw io.grpc.StatusException(Status.UNAVAILABLE)
                }
            }.onCompletion { open.decrementAndGet() }
        }
        mutate = { _, _ -> answers.receive().getOrThrow() }
        authState = {
            tag.map { AuthStateResponse.newBuilder().setState(State.STATE_AUTHENTICATED).setIdentityTag(it).build() }
        }
        refreshAuth = { RefreshAuthResponse.newBuilder().setIdentityTag(tag.value).setAdoptedStreams(1).build() }
    }

    /** The stream with this number, once it is opened. */
    suspend fun stream(number: Int): Stream {
        eventually { streams.size >= number }
        return streams[number - 1]
    }

    override fun close() = gateway.close()

    companion object {
        private fun change(target: Int, token: String) = TargetChange.newBuilder().setTarget(target).setResumeToken(token)

        fun value(target: Int, json: String): TargetChange.Builder = change(target, "of $json").setValueJson(ByteString.copyFromUtf8(json))

        fun unchanged(target: Int): TargetChange.Builder = change(target, "unchanged").setUnchanged(Unchanged.getDefaultInstance())

        fun removed(target: Int, code: Status.Code, reason: String): TargetChange.Builder =
            TargetChange.newBuilder().setTarget(target).setRemoved(TargetRemoved.newBuilder().setCode(code.value()).setReason(reason).setMessage(reason))

        /** The answer of a mutation that was committed at a time. */
        fun committed(time: Long): Result<MutateResponse> =
            Result.success(MutateResponse.newBuilder().setValueJson(ByteString.copyFromUtf8("null")).setCommitTime(timestampOf(time)).build())
    }
}
