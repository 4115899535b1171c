package com.convexgateway.client

import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource

@OptIn(ExperimentalCoroutinesApi::class)
class BackoffTest {
    /** A random source that always returns the middle: no jitter. */
    private object Middle : Random() {
        override fun nextBits(bitCount: Int) = 1 shl (bitCount - 1)
        override fun nextDouble(from: Double, until: Double) = (from + until) / 2
    }

    @Test
    fun `waits grow by half, up to a minute`() = runTest {
        val backoff = Backoff(Middle, testTimeSource)
        val waits = List(14) { backoff.failed() }
        assertEquals(listOf(1.seconds, 1.5.seconds, 2.25.seconds, 3.375.seconds), waits.take(4))
        assertEquals(listOf(60.seconds, 60.seconds), waits.takeLast(2))
    }

    @Test
    fun `jitter is half of the wait`() {
        val waits = List(1000) { Backoff(Random(it)).failed() }
        assertTrue(waits.all { it in 500.milliseconds..1500.milliseconds })
        assertTrue(waits.min() < 600.milliseconds && waits.max() > 1400.milliseconds)
    }

    @Test
    fun `ten healthy seconds reset the wait, nine do not`() = runTest {
        val backoff = Backoff(Middle, testTimeSource)
        suspend fun attempt(health: Duration): Duration {
            backoff.healthy()
            delay(health)
            backoff.healthy() // called with each event; the first counts
            return backoff.failed()
        }
        assertEquals(1.seconds, attempt(9.seconds))
        assertEquals(1.5.seconds, attempt(9.seconds))
        assertEquals(1.seconds, attempt(10.seconds))
        assertEquals(1.5.seconds, backoff.failed()) // time without health does not count
        delay(1000.seconds)
        assertEquals(2.25.seconds, backoff.failed())
    }

    @Test
    fun `a wait is at least what the gateway asks for`() = runTest {
        val backoff = Backoff(Middle, testTimeSource)
        assertEquals(7.seconds, backoff.failed(atLeast = 7.seconds))
        assertEquals(1.5.seconds, backoff.failed(atLeast = 1.seconds))
        backoff.reset()
        assertEquals(1.seconds, backoff.failed())
    }
}
