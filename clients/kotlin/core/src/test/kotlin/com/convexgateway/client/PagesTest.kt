package com.convexgateway.client

import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.WatchQuery
import com.google.protobuf.ByteString
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.StatusException
import java.util.UUID
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicReference
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.double
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** Lists that grow by pages. */
class PagesTest {
    private val dev = DevGateway.shared

    private fun pageOf(channel: String) = query<Page<Message>>("messages:page", mapOf("channel" to channel))

    private fun PagedFlow<Message>.bodies() = items.map { rows -> rows.map { it.body } }

    @Test
    fun `pages are loaded one by one, and all are followed`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val channel = TestChannel(client)
            for (n in 1..5) channel.send("$n")
            val list = client.paginate(pageOf(channel.name), pageSize = 2)
            val statuses = list.status.events(this)
            val rows = list.bodies().events(this)
            assertEquals(PagedStatus.LoadingFirstPage, statuses.receive())
            rows.until { it == listOf("5", "4") }
            statuses.until { it == PagedStatus.CanLoadMore }
            list.loadMore()
            rows.until { it == listOf("5", "4", "3", "2") }
            list.status.first { it == PagedStatus.CanLoadMore }
            list.loadMore()
            rows.until { it == listOf("5", "4", "3", "2", "1") }
            statuses.until { it == PagedStatus.Exhausted }
            list.loadMore()
            channel.send("6")
            rows.until { it == listOf("6", "5", "4", "3", "2", "1") }
        }
    }

    @Test
    fun `a page that grows is divided, and no row is lost or twice meanwhile`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val channel = TestChannel(client)
            for (n in 1..4) channel.send("$n")
            TcpProxy(dev.grpc).use { proxy ->
                ConvexGatewayClient(proxy.target).use { reader ->
                    val list = reader.paginate(pageOf(channel.name), pageSize = 2)
                    val rows = list.bodies().events(this)
                    rows.until { it.size == 2 }
                    list.loadMore()
                    rows.until { it.size == 4 }
                    for (n in 5..20) {
                        channel.send("$n")
                        val expected = (n downTo 1).map { "$it" }
                        rows.until {
                            assertEquals(expected.takeLast(it.size), it)
                            it == expected
                        }
                    }
                    eventually { proxy.carried("endCursor") >= 4 }
                }
            }
        }
    }

    @Test
    fun `pages stay gapless over restarts of the gateway and over an absence of collectors`() = test(2.minutes) {
        val port = GatewayProcess.freePort()
        val key = "--cluster-key=" + java.util.Base64.getEncoder().encodeToString(ByteArray(32) { 7 })
        fun serve() = GatewayProcess.start(
            "serve", "--convex-url", dev.deployment, "--clerk-issuer", "${dev.deployment}/clerk", key,
            "--grpc-addr", "127.0.0.1:$port", "--http-addr", "127.0.0.1:0", ready = "gRPC",
        ).first
        var gateway = serve()
        ConvexGatewayClient("http://127.0.0.1:$port").use { client ->
            ConvexGatewayClient(dev.target).use { other ->
                val channel = TestChannel(other)
                for (n in 1..10) channel.send("$n")
                val list = client.paginate(pageOf(channel.name), pageSize = 3)
                suspend fun all(newest: Int) = list.bodies().first { it == (newest downTo 5).map { n -> "$n" } }
                val job = launch { list.items.collect {} }
                list.status.first { it == PagedStatus.CanLoadMore }
                list.loadMore()
                all(10)
                gateway.close()
                for (n in 11..12) channel.send("$n")
                gateway = serve()
                all(12)
                job.cancelAndJoin()
                for (n in 13..14) channel.send("$n")
                all(14)
            }
        }
        gateway.close()
    }

    /** Rows from [from] to [to] as a page of a database of numbers. A cursor is the number of its last row. */
    private fun page(from: Int, to: Int, isDone: Boolean = false, splitCursor: Int? = null, status: String? = null) =
        ScriptedQuery.value(
            """{"page":[${(from..to).joinToString()}],"isDone":$isDone,"continueCursor":"$to","splitCursor":${splitCursor?.let { "\"$it\"" }},
            "pageStatus":${status?.let { "\"$it\"" }}}""",
        )

    private fun options(stream: ScriptedQuery.Stream): JsonObject = optionsOf(stream.request.argsJson)

    private fun optionsOf(args: ByteString): JsonObject =
        Json.parseToJsonElement(args.toStringUtf8()).jsonObject.getValue("paginationOpts").jsonObject

    private fun JsonObject.cursors() = listOf("cursor", "endCursor").map { this[it]?.jsonPrimitive?.contentOrNull }

    private suspend fun scripted(body: suspend CoroutineScope.(ScriptedQuery, PagedFlow<Int>) -> Unit) = kotlinx.coroutines.coroutineScope {
        ScriptedQuery().use { gateway ->
            ConvexGatewayClient(gateway.target).use { body(gateway, it.paginate(query<Page<Int>>("m:page", mapOf("a" to 1.0)), 3)) }
        }
        coroutineContext[kotlinx.coroutines.Job]!!.children.forEach { it.cancel() }
    }

    @Test
    fun `the options of pages, and a page that has to be divided`() = test {
        scripted { gateway, list ->
            val rows = list.items.events(this)
            val statuses = list.status.events(this)
            val first = options(gateway.stream(1))
            assertEquals(setOf("numItems", "cursor", "id"), first.keys)
            assertEquals(3.0, first.getValue("numItems").jsonPrimitive.double)
            assertEquals(JsonNull, first["cursor"])
            gateway.stream(1).events.send(page(1, 3))
            rows.until { it == listOf(1, 2, 3) }
            statuses.until { it == PagedStatus.CanLoadMore }
            list.loadMore()
            list.loadMore() // while one is loaded: nothing
            assertEquals(JsonPrimitive("3"), options(gateway.stream(2))["cursor"])
            assertEquals(first["id"], options(gateway.stream(2))["id"])
            gateway.stream(2).events.send(page(4, 9, splitCursor = 6, status = "SplitRequired"))
            val halves = listOf(gateway.stream(3), gateway.stream(4)).sortedBy { "${options(it)["cursor"]}" }
            assertEquals(listOf(listOf<String?>("3", "6"), listOf("6", "9")), halves.map { options(it).cursors() })
            halves[0].events.send(page(4, 6))
            assertEquals(PagedStatus.LoadingMore, statuses.until { it != PagedStatus.CanLoadMore })
            halves[1].events.send(page(7, 9, isDone = true))
            assertEquals((1..9).toList(), rows.receive()) // nothing of the page before
            assertEquals(PagedStatus.Exhausted, statuses.until { it != PagedStatus.LoadingMore })
            eventually { gateway.open.get() == 3 } // the whole page is not followed any more
        }
    }

    @Test
    fun `a page that is to be read again begins the list again`() = test {
        scripted { gateway, list ->
            val rows = list.items.events(this)
            gateway.stream(1).events.send(page(1, 3))
            rows.until { it == listOf(1, 2, 3) }
            val id = options(gateway.stream(1))["id"]
            list.loadMore()
            gateway.stream(2).events.send(ScriptedQuery.error("Uncaught ConvexError: InvalidCursor: Tried to run a query starting from a cursor"))
            val again = options(gateway.stream(3))
            assertEquals(JsonNull, again["cursor"])
            assertTrue(again["id"] != id)
            gateway.stream(3).events.send(page(1, 2, isDone = true))
            assertEquals(listOf(1, 2), rows.until { it.isNotEmpty() && it != listOf(1, 2, 3) })
            eventually { gateway.open.get() == 1 }
        }
    }

    @Test
    fun `a page that cannot go on where it ended begins the list again`() = test {
        scripted { gateway, list ->
            val rows = list.items.events(this)
            gateway.stream(1).events.send(page(1, 3))
            rows.until { it == listOf(1, 2, 3) }
            list.loadMore()
            gateway.stream(2).events.send(page(4, 6))
            rows.until { it == (1..6).toList() }
            val reason = Metadata().apply { put(Metadata.Key.of("error-reason", Metadata.ASCII_STRING_MARSHALLER), "PAGE_RESTART") }
            gateway.stream(2).events.close(StatusException(Status.ABORTED, reason))
            assertBeginsAgain(options(gateway.stream(1)), options(gateway.stream(3)))
            assertEquals("", gateway.stream(3).request.resumeToken)
            gateway.stream(3).events.send(page(0, 2))
            assertEquals(listOf(0, 1, 2), rows.until { it.isNotEmpty() && it.first() == 0 })
            list.loadMore()
            assertEquals(JsonPrimitive("2"), options(gateway.stream(4))["cursor"])
            eventually { gateway.open.get() == 2 }
        }
    }

    @Test
    fun `a page that cannot go on begins the list again, also on one stream for all`() = test {
        ScriptedWatch().use { gateway ->
            ConvexGatewayClient(gateway.gateway.target, ClientOptions(singleStream = true)).use { client ->
                val other = client.states(query<Int>("m:other")).events(this) // the stream stays while the list begins again
                val stream = gateway.stream(1)
                assertEquals("m:other", stream.added().path)
                val list = client.paginate(query<Page<Int>>("m:page"), 3)
                val rows = list.items.events(this)
                val first = stream.added()
                stream.send(changeOf(first, page(1, 3)), time = 10, group = first.group)
                rows.until { it == listOf(1, 2, 3) }
                list.loadMore()
                val second = stream.added()
                stream.send(changeOf(second, page(4, 6)), time = 10, group = second.group)
                rows.until { it == (1..6).toList() }
                stream.send(ScriptedWatch.removed(second.target, Status.Code.ABORTED, "PAGE_RESTART"), group = second.group, complete = false)
                val again = stream.added()
                assertBeginsAgain(optionsOf(first.argsJson), optionsOf(again.argsJson))
                assertEquals("", again.resumeToken)
                stream.send(changeOf(again, page(0, 2, isDone = true)), time = 20, group = again.group)
                assertEquals(listOf(0, 1, 2), rows.until { it.isNotEmpty() && it.first() == 0 })
                rows.cancel()
                other.cancel()
            }
        }
    }

    private fun changeOf(query: WatchQuery, page: SubscribeResponse) = ScriptedWatch.value(query.target, page.valueJson.toStringUtf8())

    private fun assertBeginsAgain(before: JsonObject, again: JsonObject) {
        assertEquals(setOf("numItems", "cursor", "id"), again.keys)
        assertEquals(JsonNull, again["cursor"])
        assertTrue(again["id"] != before["id"])
    }

    @Test
    fun `pages that change together are shown together`() = test {
        fun data(isDone: Boolean, vararg rows: Int) = QueryState.Data(Page(rows.toList(), isDone, "${rows.last()}"))
        val states = listOf(data(false, 1, 2), data(true, 3, 4)).map { MutableStateFlow<Pair<QueryState<Page<Int>>, Any?>>(it to "old") }
        val newest = AtomicReference("old")
        val pages = Pages(2) { options -> PageStates(states[if (options["cursor"] == JsonNull) 0 else 1]) { newest.get() } }
        val shown = CopyOnWriteArrayList<List<Int>>()
        val following = launch { pages.follow { items, _ -> shown += items } }
        suspend fun showing(vararg rows: Int) {
            eventually { shown.lastOrNull() == rows.toList() }
        }
        showing(1, 2)
        pages.loadMore()
        showing(1, 2, 3, 4)
        newest.set("new")
        states[0].value = data(false, 10, 2) to "new"
        states[1].value = data(true, 30, 4) to "new"
        showing(10, 2, 30, 4)
        assertTrue(shown.none { 10 in it && 3 in it }, "$shown")
        newest.set("newer")
        var n = 10
        eventually { // what never comes does not hold up the others
            states[0].value = data(false, ++n, 2) to "newer"
            shown.last().first() > 10
        }
        following.cancel()
    }

    @Test
    fun `a page that fails shows what was before, and mends itself`() = test {
        scripted { gateway, list ->
            val statuses = list.status.events(this)
            gateway.stream(1).events.send(page(1, 3))
            statuses.until { it == PagedStatus.CanLoadMore }
            gateway.stream(1).events.send(ScriptedQuery.error("InvalidCursor? The first page has none"))
            assertIs<ServerError>(assertIs<PagedStatus.Failed>(statuses.receive()).error)
            assertEquals(listOf(1, 2, 3), list.items.first())
            gateway.stream(1).events.send(page(0, 3))
            assertEquals(PagedStatus.CanLoadMore, statuses.receive())
            assertEquals(listOf(0, 1, 2, 3), list.items.first())
        }
    }

    @Test
    fun `a list that the gateway refuses has failed`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val status = client.paginate(query<Page<Int>>("not a path"), 3).status.first { it != PagedStatus.LoadingFirstPage }
            assertEquals("INVALID_PATH", assertIs<GatewayError>(assertIs<PagedStatus.Failed>(status).error).reason)
        }
    }

    @Test
    fun `another user's list begins with the first page, and nobody sees a former user's`() = test {
        val provider = DevProvider(dev, "ada" + UUID.randomUUID().toString().filter { it.isLetterOrDigit() })
        ConvexGatewayClient(dev.target, provider).use { client ->
            val channel = TestChannel(client)
            for (n in 1..4) channel.send("$n")
            client.login(this)
            val list = client.paginate(pageOf(channel.name), pageSize = 2)
            val rows = list.bodies().events(this)
            rows.until { it.size == 2 }
            list.loadMore()
            rows.until { it.size == 4 }
            client.logout(this)
            rows.until { it == listOf("4", "3") }
            assertEquals(PagedStatus.CanLoadMore, list.status.first { it != PagedStatus.LoadingFirstPage })
        }
    }

    @Test
    fun `without collectors no page is followed, and the next one begins with the same pages`() = test {
        scripted { gateway, list ->
            val ready = CompletableDeferred<Unit>()
            val job = launch {
                list.items.collect { rows ->
                    if (rows.size == 3) list.loadMore()
                    if (rows.size == 6) ready.complete(Unit)
                }
            }
            gateway.stream(1).events.send(page(1, 3))
            gateway.stream(2).events.send(page(4, 6))
            ready.await()
            job.cancelAndJoin()
            eventually { gateway.open.get() == 0 }
            val rows = list.items.events(this)
            assertEquals(emptyList(), rows.receive())
            val again = listOf(gateway.stream(3), gateway.stream(4)).sortedBy { "${options(it)["cursor"]}" }
            assertEquals(listOf(listOf("3", null), listOf(null, "3")), again.map { options(it).cursors() })
            again[1].events.send(page(0, 3))
            again[0].events.send(page(4, 6))
            rows.until { it == (0..6).toList() }
        }
    }

    @Test
    fun `what is no query that paginates is refused`() {
        ConvexGatewayClient(dev.target).use { client ->
            assertFailsWith<IllegalArgumentException> { client.paginate(pageOf("c"), 0) }
            assertFailsWith<IllegalArgumentException> { client.paginate(query<Page<Int>>("m:f", mapOf("paginationOpts" to null)), 1) }
        }
    }
}
