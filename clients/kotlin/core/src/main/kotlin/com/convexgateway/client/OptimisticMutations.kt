package com.convexgateway.client

import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Mutations that return when the client's own results have the write. One with an update is a layer of [layers] from its call until then,
 * or until it has failed.
 */
internal class OptimisticMutations(
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val layers: Layers,
    private val options: ClientOptions,
) {
    private val scope by lazy { CoroutineScope(SupervisorJob() + transport.link.dispatcher) }

    /**
     * Makes a mutation. Returns when the results that its update has changed have the write, [MAX_WAIT] after its answer at the latest.
     *
     * @param call makes it, and reports its end once, which may come after the call was cancelled
     */
    suspend fun make(path: String, update: (OptimisticStore) -> Unit, call: suspend (ended: (Result<Written>) -> Unit) -> Written): Written {
        withTimeoutOrNull(options.mutationTimeout) { callers.first { it != Caller.Undecided } }
        val layer = layers.Layer(callers.value, path, update)
        val isOver = CompletableDeferred<Unit>()
        withContext(Dispatchers.Default + NonCancellable) { layers.begin(layer) }
        val written = call { result ->
            val time = result.getOrNull()?.commitTime
            val end = { _: Throwable? ->
                layers.end(layer)
                isOver.complete(Unit)
                Unit
            }
            if (result.isSuccess) layers.committed(layer, time)
            if (result.isSuccess) scope.launch { settle(layer, time) }.invokeOnCompletion(end) else end(null)
        }
        withContext(Dispatchers.Default) {
            withTimeoutOrNull(MAX_WAIT) {
                isOver.await()
                delivered()
            }
        }
        return written
    }

    /**
     * Waits, after a mutation without an update, until collectors have the results that have come before its answer, and until the groups
     * that can be asked, at little cost, up to which time they hold have its write; [MAX_WAIT] at the latest.
     */
    suspend fun settled(written: Written): Written {
        withContext(Dispatchers.Default) {
            withTimeoutOrNull(MAX_WAIT) {
                transport.resultsTaken() // most groups have the write then, and are not asked
                written.commitTime?.let { settle(it) }
                layers.delivered()
            }
        }
        return written
    }

    /** Waits until collectors have the results that have arrived by now. */
    private suspend fun delivered() {
        transport.resultsTaken()
        layers.delivered()
    }

    private suspend fun settle(time: Long) {
        while (true) {
            layers.behind(time).ifEmpty { return }.forEach { it.ask(time) }
            withTimeoutOrNull(ASK_AGAIN) { layers.changes.first { layers.behind(time).isEmpty() } }
        }
    }

    /** Waits until all results that the layer has changed have the write, and asks for those that do not change by themselves. */
    private suspend fun settle(layer: Layers.Layer, commitTime: Long?) {
        if (commitTime == null) return delay(UNKNOWN_COMMIT)
        var wait = PATIENCE
        var asksAll = false
        while (true) {
            val behind = layers.behind(layer).ifEmpty { return }
            for (source in behind) if (asksAll || source.answersCheckpoints) source.ask(commitTime)
            withTimeoutOrNull(wait) { layers.changes.first { layers.behind(layer).isEmpty() } }
            asksAll = true
            wait = ASK_AGAIN
        }
    }

    /** Ends all layers. */
    fun close() = scope.cancel()

    private companion object {
        /** How long a mutation whose answer has come waits for the client's own results. */
        val MAX_WAIT = 5.seconds

        /** How long a result that the write has changed may take, before a stream that has no checkpoints is opened again. */
        val PATIENCE = 250.milliseconds

        /** After which time results that are still behind are asked for again. */
        val ASK_AGAIN = 2.seconds

        /** How long an update is shown after the answer of a gateway that does not say when the mutation was committed. */
        val UNKNOWN_COMMIT = 1.seconds
    }
}
