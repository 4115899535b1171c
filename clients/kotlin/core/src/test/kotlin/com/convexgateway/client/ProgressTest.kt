package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield

/** In virtual time: on a busy machine the time for which a busy collector is waited for would pass between two lines. */
class ProgressTest {
    private val progress = Progress()

    @Test
    fun `a collector is waited for until it has a version`() = runTest {
        val wait = launch { progress.await(2) }
        yield()
        progress.reached(1)
        yield()
        assertEquals(true, wait.isActive)
        progress.reached(2)
        wait.join()
        progress.await(1)
    }

    @Test
    fun `also while it is busy, if that does not last`() = runTest {
        val mayReturn = CompletableDeferred<Unit>()
        launch { progress.emitting { mayReturn.await() } }
        yield()
        val wait = launch { progress.await(1) }
        yield()
        mayReturn.complete(Unit)
        repeat(3) { yield() }
        assertEquals(true, wait.isActive)
        progress.reached(1)
        wait.join()
    }

    @Test
    fun `one that stays busy is left out, and one that has ended`() = runTest {
        val busy = launch { progress.emitting { awaitCancellation() } }
        yield()
        progress.await(1)
        busy.cancel()
        progress.end()
        progress.await(1)
    }
}
