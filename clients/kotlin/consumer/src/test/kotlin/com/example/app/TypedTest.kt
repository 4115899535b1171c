package com.example.app

import com.convexgateway.client.Page
import com.convexgateway.testing.FakeConvex
import com.example.api.Api
import com.example.api.Messages
import com.example.api.MessagesId
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest

class TypedTest {
    private fun row(body: String) = Messages.ListItem(1.0, MessagesId("1"), "ada", body, "general", MessagesId("1"))

    @Test
    fun `a channel`() = runTest {
        val sent = mutableListOf<Messages.ListItem>()
        val answered = CompletableDeferred<Unit>()
        val convex = FakeConvex()
            .on(Api.messages.list) { args -> sent.takeLast(args.limit?.toInt() ?: 100).filter { it.channel == args.channel } }
            .on(Api.messages.page) { args -> Page(listOf(Messages.PageItem(1.0, MessagesId("1"), "ada", "${args.paginationOpts?.numItems}", "general", MessagesId("1"))), true, "") }
            .on(Api.messages.send) { args ->
                answered.await()
                sent += row(args.body)
                MessagesId("${sent.size}")
            }
            .query("users:me") { Me("Ada") }
        val channel = TypedChannel(convex, "general")
        assertEquals(emptyList(), channel.messages.first().getOrThrow())
        assertEquals(null, channel.newest())
        val sending = launch { assertEquals(MessagesId("1"), channel.send("hello")) }
        assertEquals(listOf("hello"), channel.messages.first { it.getOrThrow().isNotEmpty() }.getOrThrow().map { it.body })
        answered.complete(Unit)
        sending.join()
        assertEquals(row("hello"), channel.newest())
        assertEquals("1 messages for Ada", channel.title.first { it.startsWith("1") && it.endsWith("Ada") })
        assertEquals("20.0", channel.history.items.first { it.isNotEmpty() }.single().body)
    }
}
