package com.convexgateway.client

import java.util.concurrent.ConcurrentHashMap
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.consumeAsFlow

/** An event is its identity's tag and a number. */
class IdentitiesTest {
    private val identities = Identities()
    private val stream = Channel<String>(Channel.RENDEZVOUS)
    private val lookedAt = ConcurrentHashMap.newKeySet<String>()
    private val shown = identities.present(stream.consumeAsFlow()) {
        lookedAt += it
        it.take(1)
    }

    @Test
    fun `a session may have many identities, one after the other`() {
        assertFalse(identities.now("a"))
        assertFalse(identities.now("a"))
        assertTrue(identities.now("b"))
        assertTrue(identities.now("a"))
        assertEquals("a", identities.current)
    }

    @Test
    fun `data of an identity that was left is not shown`() = test {
        identities.now("a")
        val seen = shown.events(this)
        stream.send("a1")
        assertEquals("a1", seen.receive())
        stream.send("b1") // a stream may be ahead
        assertEquals("b1", seen.receive())
        identities.now("b")
        stream.send("a2")
        stream.send("b2")
        assertEquals("b2", seen.receive())
        identities.now("a") // too late for a2
        stream.send("a3")
        assertEquals("a3", seen.receive())
    }

    @Test
    fun `data of an identity is shown when the session is back`() = test {
        identities.now("a")
        identities.now("b")
        val seen = shown.events(this)
        stream.send("a1")
        stream.send("a2")
        eventually { "a2" in lookedAt }
        assertNull(seen.tryReceive().getOrNull())
        identities.now("a")
        assertEquals("a2", seen.receive())
        stream.send("a3")
        assertEquals("a3", seen.receive())
    }

    @Test
    fun `the end of a stream is its own`() = test {
        identities.now("a")
        val seen = shown.events(this)
        stream.send("a1")
        stream.close(IllegalStateException("over"))
        assertEquals("a1", seen.receive())
        assertFailsWith<IllegalStateException> { seen.receive() }
        val other = Identities().present(Channel<String>().also { it.close() }.consumeAsFlow()) { it }.events(this)
        assertTrue(other.receiveCatching().isClosed)
    }
}
