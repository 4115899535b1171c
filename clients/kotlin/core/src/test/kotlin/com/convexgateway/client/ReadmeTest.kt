package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch

/** The Kotlin example of the front page, which .ci/readme.py compares with this file. */
class ReadmeTest {
    @Test
    fun `the front page's example prints what was sent`() = test {
        DevGateway().use { dev ->
            val printed = Channel<String>(Channel.UNLIMITED)
            launch { example(dev.target) { printed.trySend(it) } }
            assertEquals("hello", printed.receive())
        }
    }

    private suspend fun example(target: String, println: (String) -> Unit) {
        val convex = ConvexGatewayClient(target)
        convex.mutation("messages:send", mapOf("body" to "hello"))
        convex.subscribe<List<Message>>("messages:list").collect { messages ->
            messages.onSuccess { println(it.last().body) }
        }
    }
}
