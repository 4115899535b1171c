package com.convexgateway.client

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.withTimeout

/** Runs a test in real time. A busy machine has thrice the limit. Coroutines that it has launched are cancelled when it returns. */
fun test(limit: Duration = 60.seconds, body: suspend CoroutineScope.() -> Unit) {
    GatewayProcess.binary // built before the test's time limit begins
    runBlocking(Dispatchers.Default) {
        withTimeout(limit * 3) { this@runBlocking.body() }
        coroutineContext.cancelChildren()
    }
}

/** Collects in the background, into a channel. */
fun <T> Flow<T>.events(scope: CoroutineScope): ReceiveChannel<T> {
    val channel = Channel<T>(Channel.UNLIMITED)
    scope.launch {
        try {
            collect { channel.send(it) }
            channel.close()
        } catch (e: Exception) {
            channel.close(e)
        }
    }
    return channel
}

/** Receives until an element fits. */
suspend fun <T> ReceiveChannel<T>.until(fits: (T) -> Boolean): T {
    while (true) receive().let { if (fits(it)) return it }
}

/** Waits by polling. */
suspend fun eventually(what: suspend () -> Boolean) {
    while (!what()) delay(20.milliseconds)
}
