package com.convexgateway.testing

import com.convexgateway.client.ActionFunction
import com.convexgateway.client.ArgumentRefused
import com.convexgateway.client.AuthState
import com.convexgateway.client.Connection
import com.convexgateway.client.Convex
import com.convexgateway.client.ConvexError
import com.convexgateway.client.ConvexException
import com.convexgateway.client.ConvexNum
import com.convexgateway.client.InternalError
import com.convexgateway.client.Mutation
import com.convexgateway.client.MutationFunction
import com.convexgateway.client.Page
import com.convexgateway.client.PagedStatus
import com.convexgateway.client.QueryFunction
import com.convexgateway.client.QueryState
import com.convexgateway.client.action
import com.convexgateway.client.argsOf
import com.convexgateway.client.mutation
import com.convexgateway.client.paginate
import com.convexgateway.client.query
import com.convexgateway.client.states
import com.convexgateway.client.subscribe
import com.convexgateway.client.values
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.Serializable
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

@OptIn(ExperimentalCoroutinesApi::class)
class FakeConvexTest {
    @Serializable
    data class Message(val id: String, val body: String, @ConvexNum val n: Long = 0)

    @Serializable
    data class ListArgs(val channel: String, val limit: Double? = null)

    private val hello = Message("1", "hello", Long.MAX_VALUE)
    private val list = QueryFunction("messages:list", ListArgs.serializer(), ListSerializer(Message.serializer()))

    private fun TestScope.background(block: suspend () -> Unit) = backgroundScope.launch(UnconfinedTestDispatcher(testScheduler)) { block() }

    @Test
    fun `functions are answered by name`() = runTest {
        val convex = FakeConvex()
            .query("messages:list") { args -> listOf(hello.copy(body = args.getValue("channel").jsonPrimitive.content)) }
            .mutation("messages:send") { "2" }
            .action("mail:send") { delay(1_000) }
        val app: Convex = convex
        assertEquals("general", app.query<List<Message>>("messages:list", mapOf("channel" to "general")).single().body)
        assertEquals("2", app.mutation<String>("messages:send", mapOf("body" to "x")))
        app.mutation("messages:send", mapOf("body" to "y"))
        app.action("mail:send")
        assertEquals(1_000, currentTime)
        val expected = listOf(
            query<List<Message>>("messages:list", mapOf("channel" to "general")),
            mutation("messages:send", mapOf("body" to "x")), mutation("messages:send", mapOf("body" to "y")), action("mail:send"),
        )
        assertEquals(expected, convex.calls)
    }

    @Test
    fun `functions are answered with their types`() = runTest {
        val send = MutationFunction("messages:send", Message.serializer(), String.serializer())
        val mail = ActionFunction("mail:send", ListArgs.serializer(), Long.serializer())
        val convex = FakeConvex()
            .on(list) { args -> if (args.limit == 1.0) listOf(hello) else emptyList() }
            .on(send) { args -> args.id }
            .on(mail) { 7 }
        assertEquals(listOf(hello), convex.query(list(ListArgs("general", 1.0))))
        assertEquals(emptyList(), convex.subscribe(list(ListArgs("general"))).first().getOrThrow())
        assertEquals("1", convex.mutate(send(hello)))
        assertEquals(7, convex.action(mail(ListArgs("general"))))
    }

    @Test
    fun `one call has an answer of its own`() = runTest {
        val convex = FakeConvex().query("messages:list") { emptyList<Message>() }
            .on(query<List<Message>>("messages:list", mapOf("channel" to "general"))) { listOf(hello) }
        assertEquals(listOf(hello), convex.query(list(ListArgs("general"))))
        assertEquals(emptyList(), convex.query(list(ListArgs("other"))))
    }

    @Test
    fun `subscriptions emit each new result once`() = runTest {
        var rows = listOf(hello)
        val convex = FakeConvex().query("messages:list") { rows }.mutation("messages:send") { args ->
            rows = rows + Message("2", args.getValue("body").jsonPrimitive.content)
            null
        }.mutation("other:thing") { }
        val seen = mutableListOf<List<String>>()
        background { convex.subscribe<List<Message>>("messages:list").values().collect { seen += it.map(Message::body) } }
        convex.mutation("other:thing")
        convex.mutation("messages:send", mapOf("body" to "more"))
        rows = emptyList()
        convex.changed()
        convex.query("messages:list") { listOf(hello) }
        assertEquals(listOf(listOf("hello"), listOf("hello", "more"), listOf(), listOf("hello")), seen)
    }

    @Test
    fun `errors are those of the client`() = runTest {
        val convex = FakeConvex().query("messages:list") { throw ConvexError("no", "{\"code\":1}") }
            .mutation("messages:send") { throw ConvexException.NotSent("offline", "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED") }
        assertFailsWith<ConvexError> { convex.query<List<Message>>("messages:list") }
        assertFailsWith<ConvexException.NotSent> { convex.mutation("messages:send") }
        val seen = mutableListOf<Result<List<Message>>>()
        background { convex.subscribe<List<Message>>("messages:list").collect { seen += it } }
        assertIs<ConvexError>(seen.single().exceptionOrNull())
        convex.query("messages:list") { listOf(hello) }
        assertEquals(listOf(hello), seen.last().getOrThrow())
    }

    @Test
    fun `a mutation with a request id writes once`() = runTest {
        var rows = 0
        val convex = FakeConvex().mutation("messages:send") {
            if (++rows == 1) throw ConvexException.OutcomeUnknown("lost", "MUTATION_OUTCOME_UNKNOWN", "UNKNOWN")
            "row $rows"
        }
        val id = "a request id of an app"
        assertFailsWith<ConvexException.OutcomeUnknown> { convex.mutation<String>("messages:send", requestId = id) } // not a success
        assertEquals("row 2", convex.mutation<String>("messages:send", requestId = id))
        assertEquals("row 2", convex.mutate(mutation<String>("messages:send"), requestId = id))
        assertEquals("row 3", convex.mutation<String>("messages:send", mapOf("body" to "x"), requestId = id))
        assertEquals("row 4", convex.mutation<String>("messages:send"))
        assertEquals("row 5", convex.mutation<String>("messages:send"))
        assertEquals(listOf(id, id, id, id, null, null), convex.calls.map { (it as Mutation<*>).requestId })
        assertFailsWith<ArgumentRefused> { convex.mutation("messages:send", requestId = "short") }
        assertEquals(6, convex.calls.size)
    }

    @Test
    fun `a call without an answer names itself`() = runTest {
        val convex = FakeConvex().mutation("messages:list") { }
        val error = assertFailsWith<UnansweredCall> { convex.query<List<Message>>("messages:list", mapOf("channel" to "a")) }
        assertEquals(
            "the query messages:list has no answer for {\"channel\":\"a\"}: add .query(\"messages:list\") { … }; it is answered as a mutation",
            error.message,
        )
        val caught = convex.subscribe<List<Message>>("no:such")
        assertContains(assertFailsWith<UnansweredCall> { caught.toList() }.message!!, "no:such")
        assertEquals(emptyList(), caught.values().catch { emit(emptyList()) }.first())
        val lost = query<List<Message>>("no:such")
        assertEquals(listOf(query<List<Message>>("messages:list", mapOf("channel" to "a")), lost, lost), convex.unanswered)
    }

    @Test
    fun `answers pass through Convex's encoding`() = runTest {
        val convex = FakeConvex().query("values:echo") { it["value"] }.query("counter:get") { 3 }
            .query("messages:list") { listOf("text") }.query("users:me") { null }
        assertEquals(Long.MAX_VALUE, convex.query<Long>("values:echo", mapOf("value" to Long.MAX_VALUE)))
        assertTrue(convex.query<Double>("values:echo", mapOf("value" to Double.NaN)).isNaN())
        assertEquals(hello, convex.query<Message>("values:echo", mapOf("value" to argsOf(hello))))
        assertEquals(JsonPrimitive(1.5), convex.query("values:echo", mapOf("value" to 1.5)))
        assertEquals(3.0, convex.query<Double>("counter:get"))
        assertEquals(3L, convex.query<Long?>("counter:get"))
        assertFailsWith<InternalError> { convex.query<String>("counter:get") }
        assertFailsWith<InternalError> { convex.query<List<Message>>("messages:list") }
        assertFailsWith<InternalError> { convex.query<Message>("users:me") }
        assertEquals(null, convex.query<Message?>("users:me"))
    }

    @Test
    fun `the sign-in and the connection are the test's`() = runTest {
        val convex = FakeConvex()
        assertEquals("a user", convex.login("an activity").getOrThrow())
        assertEquals(AuthState.Authenticated("a user"), convex.authState.value)
        convex.logout("an activity")
        convex.signIn = { Result.failure(IllegalStateException("no")) }
        assertTrue(convex.loginFromCache().isFailure)
        assertEquals(AuthState.Unauthenticated(), convex.authState.value)
        assertEquals(Connection.State.CONNECTED, convex.connection.value.state)
        convex.connection.value = Connection(Connection.State.WAITING, Instant.EPOCH, nextAttempt = Instant.EPOCH.plusSeconds(3))
        assertEquals(3, (convex as Convex).connection.value.nextAttempt!!.epochSecond)
    }

    @Test
    fun `a view model works with it`() = runTest {
        val convex = FakeConvex().query("messages:list") { listOf(hello) }
        val messages = convex.subscribe<List<Message>>("messages:list").values()
            .catch { emit(emptyList()) }
            .stateIn(backgroundScope, SharingStarted.WhileSubscribed(5_000), emptyList())
        assertEquals(listOf(hello), messages.first { it.isNotEmpty() })
    }

    @Test
    fun `states are loading, then results and failures, and begin with what was kept`() = runTest {
        val ask = query<String>("m:f")
        var answer: () -> String = { throw ConvexError("m", "1") }
        val convex = FakeConvex().query("m:f") { answer() }
        val seen = mutableListOf<QueryState<String>>()
        background { convex.states<String>("m:f").collect { seen += it } }
        answer = { "one" }
        convex.changed()
        answer = { throw ConvexError("m", "2") }
        convex.changed()
        assertEquals(QueryState.Loading, seen[0])
        assertEquals(null, assertIs<QueryState.Failed<String>>(seen[1]).last)
        assertEquals(QueryState.Data("one"), seen[2])
        assertEquals(QueryState.Data("one"), assertIs<QueryState.Failed<String>>(seen[3]).last)

        val kept = QueryState.Data("kept", cached = true)
        convex.kept(ask, "kept")
        val (first, failed) = convex.states(ask).take(2).toList()
        assertEquals(kept, first)
        assertEquals(kept, assertIs<QueryState.Failed<String>>(failed).last)
        answer = { "two" }
        assertEquals(listOf(kept, QueryState.Data("two")), convex.states(ask).take(2).toList())
    }

    @Test
    fun `lists of pages ask for each page, and a page without an answer is thrown`() = runTest {
        val convex = FakeConvex().query("m:page") { args ->
            when (args.getValue("paginationOpts").jsonObject["cursor"]?.jsonPrimitive?.contentOrNull) {
                null -> Page(listOf("1", "2"), isDone = false, continueCursor = "2")
                else -> Page(listOf("3"), isDone = true, continueCursor = "3")
            }
        }
        val list = convex.paginate(query<Page<String>>("m:page"), pageSize = 2)
        val seen = mutableListOf<List<String>>()
        background { list.items.collect { seen += it } }
        assertEquals(PagedStatus.CanLoadMore, list.status.first { it != PagedStatus.LoadingFirstPage })
        list.loadMore()
        assertEquals(PagedStatus.Exhausted, list.status.first { it == PagedStatus.Exhausted })
        assertEquals(listOf("1", "2", "3"), seen.last())
        assertFailsWith<UnansweredCall> { FakeConvex().paginate(query<Page<String>>("m:page"), 2).items.first { it.isNotEmpty() } }
    }

    @Test
    fun `an update is shown until the answer`() = runTest {
        val rows = mutableListOf("one")
        val convex = FakeConvex()
            .query("m:list") { rows.toList() }
            .mutation("m:add") { delay(1_000).also { rows += "two" } }
            .mutation("m:fail") { throw ConvexError("no", "null") }
        val list = query<List<String>>("m:list")
        val seen = mutableListOf<QueryState<List<String>>>()
        background { convex.states(list).toList(seen) }
        convex.mutate(mutation("m:add")) { store -> store.update(list) { it + "soon" } }
        assertFailsWith<ConvexError> { convex.mutate(mutation("m:fail")) { store -> store.update(list) { it + "never" } } }
        convex.mutate(mutation("m:add")) { error("wrong") }
        val states = listOf(
            QueryState.Loading, QueryState.Data(listOf("one")), QueryState.Data(listOf("one", "soon"), pending = true),
            QueryState.Data(listOf("one", "two")), QueryState.Data(listOf("one", "two", "never"), pending = true),
            QueryState.Data(listOf("one", "two")), QueryState.Data(listOf("one", "two", "two")),
        )
        assertEquals(states, seen)
        assertEquals("wrong", convex.failedUpdates.first().message)
    }

    @Test
    fun `a screen has the states of its queries`() = runTest {
        val convex = FakeConvex().query("m:a") { 1.0 }.query("m:b") { throw ConvexError("no", "null") }
        val a = query<Double>("m:a")
        val b = query<Double>("m:b")
        val snapshot = convex.watch { add(a); add(b) }.first { it.isComplete }
        assertEquals(QueryState.Data(1.0), snapshot[a])
        assertIs<QueryState.Failed<Double>>(snapshot[b])
        assertFailsWith<IllegalArgumentException> { snapshot[query<Double>("m:c")] }
    }
}
