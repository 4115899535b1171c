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

/** Runs a test in real time, with what it has launched ended when it returns. */
fun test(limit: Duration = 60.seconds, body: suspend CoroutineScope.() -> Unit) {
    GatewayProcess.binary // takes its time to build, which is not the test's
    runBlocking(Dispatchers.Default) {
        withTimeout(limit) { this@runBlocking.body() }
        coroutineContext.cancelChildren()
    }
}

/** Collects in the background; what comes can be received. */
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

/** Receives until one fits. */
suspend fun <T> ReceiveChannel<T>.until(fits: (T) -> Boolean): T {
    while (true) receive().let { if (fits(it)) return it }
}

/** Waits for what tells nobody when it comes. */
suspend fun eventually(what: suspend () -> Boolean) {
    while (!what()) delay(20.milliseconds)
}
