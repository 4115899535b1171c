package com.convexgateway.client

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.map

/**
 * A flow of what [produce] sends, from any of its coroutines. Its failure comes after everything that was sent before: a
 * channelFlow that fails cancels its collector, which loses an element that it has not processed yet.
 */
internal fun <E> orderedFlow(produce: suspend CoroutineScope.(send: suspend (E) -> Unit) -> Unit): Flow<E> =
    channelFlow<Result<E>> {
        try {
            coroutineScope { produce { send(Result.success(it)) } }
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive() // else nobody collects any more
            send(Result.failure(e))
        }
    }.buffer(0).map { it.getOrThrow() }
