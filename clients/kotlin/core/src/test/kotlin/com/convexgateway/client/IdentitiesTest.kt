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

/** Events here are the tag of their identity and a number. */
class IdentitiesTest {
    private val identities = Identities()
    private val stream = Channel<String>(Channel.RENDEZVOUS)
    private val processed = ConcurrentHashMap.newKeySet<String>()
    private val shown = identities.present(stream.consumeAsFlow()) {
        processed += it
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
    fun `data of a previous identity is not emitted`() = test {
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
    fun `data of an identity is emitted when it is the current one again`() = test {
        identities.now("a")
        identities.now("b")
        val seen = shown.events(this)
        stream.send("a1")
        stream.send("a2")
        eventually { "a2" in processed }
        assertNull(seen.tryReceive().getOrNull())
        identities.now("a")
        assertEquals("a2", seen.receive())
        stream.send("a3")
        assertEquals("a3", seen.receive())
    }

    @Test
    fun `the flow ends with its stream`() = test {
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
