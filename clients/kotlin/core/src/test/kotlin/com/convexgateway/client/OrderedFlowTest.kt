package com.convexgateway.client

import io.grpc.Status
import io.grpc.StatusException
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

class OrderedFlowTest {
    /** In one thread, so that the order of what happens is known. */
    private fun inOneThread(body: suspend CoroutineScope.() -> Unit) = runBlocking { body() }

    @Test
    fun `a failure comes after what was sent before it, from any coroutine`() = inOneThread {
        val direct = orderedFlow<Int> { send ->
            send(1)
            yield() // the collector waits again
            send(2)
            throw StatusException(Status.UNAVAILABLE)
        }
        val launched = orderedFlow<Int> { send ->
            launch { awaitCancellation() }
            launch {
                send(1)
                yield()
                send(2)
                throw StatusException(Status.UNAVAILABLE)
            }
        }
        assertEquals(listOf(1, 2, -14), direct.withCode())
        assertEquals(listOf(1, 2, -14), launched.withCode())
    }

    @Test
    fun `it ends with its producer, and the producer with its collector`() = inOneThread {
        var cancelled = false
        assertEquals(listOf(1), orderedFlow<Int> { send -> send(1) }.toList())
        val endless = orderedFlow<Int> { send ->
            launch { awaitCancellation() }.invokeOnCompletion { cancelled = true }
            while (true) send(1)
        }
        assertEquals(1, endless.first())
        assertEquals(true, cancelled)
        assertFailsWith<IllegalStateException> { endless.collect { error("the collector's own") } }
    }

    @Test
    fun `the producer goes on when what it has sent was processed`() = inOneThread {
        val order = ArrayList<String>()
        orderedFlow<Int> { send ->
            for (n in 1..2) {
                send(n)
                order += "sent $n"
            }
        }.collect {
            repeat(3) { yield() }
            order += "processed $it"
        }
        assertEquals(listOf("processed 1", "sent 1", "processed 2", "sent 2"), order)
    }

    private suspend fun Flow<Int>.withCode(): List<Int> =
        catch { emit(-(it as StatusException).status.code.value()) }.toList()
}
