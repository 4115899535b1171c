package com.convexgateway.client

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.transform

/**
 * A flow of what [produce] sends, from any of its coroutines; `send` returns when the collector has processed the element. Its failure comes after everything that was sent before: a
 * channelFlow that fails cancels its collector, which loses an element that it has not processed yet.
 */
internal fun <E> orderedFlow(produce: suspend CoroutineScope.(send: suspend (E) -> Unit) -> Unit): Flow<E> =
    channelFlow<Sending<E>> {
        try {
            coroutineScope {
                produce { element ->
                    val sending = Sending(Result.success(element))
                    send(sending)
                    sending.processed.join()
                }
            }
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive() // else nobody collects any more
            send(Sending(Result.failure(e)))
        }
    }.buffer(0).transform {
        emit(it.element.getOrThrow())
        it.processed.complete()
    }

private class Sending<E>(val element: Result<E>) {
    val processed = Job()
}
