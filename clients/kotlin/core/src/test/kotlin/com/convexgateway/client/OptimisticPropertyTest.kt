package com.convexgateway.client

import java.util.concurrent.ConcurrentHashMap
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch

/** What is shown is what the server has with the updates of the mutations under way, whatever is cut, in conflict or fails. */
class OptimisticPropertyTest {
    private val dev = DevGateway.shared
    private val me = query<Me?>("users:me")

    @Test
    fun `one subscription`() = holds(ClientOptions()) { states(it) }

    @Test
    fun `all on one stream`() = holds(ClientOptions(singleStream = true)) { states(it) }

    @Test
    fun `a screen`() = holds(ClientOptions()) { query -> watch { add(query); add(me) }.map { it[query] } }

    private fun holds(options: ClientOptions, follow: ConvexClient.(Query<List<Message>>) -> Flow<QueryState<List<Message>>>) = test(3.minutes) {
        val seed = System.getProperty("optimistic.seed")?.toInt() ?: Random.nextInt()
        println("seed $seed") // -Doptimistic.seed=…
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, options = options).use { client ->
                ConvexGatewayClient(dev.target).use { rival ->
                    val channel = TestChannel(rival)
                    val rows = query<List<Message>>("messages:list", mapOf("channel" to channel.name))
                    val checked = Checked()
                    val following = launch { client.follow(rows).collect { if (it is QueryState.Data) checked.show(it) } }
                    eventually { checked.shown.value != null }
                    val cutting = launch { while (true) delay(Random(seed).nextInt(100, 400).milliseconds).also { proxy.cut() } }
                    write(Random(seed), client, rival, channel, rows, checked)
                    cutting.cancel()
                    eventually { checked.isOver() }
                    val server = rival.query(rows)
                    eventually { checked.shown.value == QueryState.Data(server) }
                    following.cancel()
                    assertEquals(emptyList(), checked.wrong)
                }
            }
        }
    }

    private suspend fun write(random: Random, client: ConvexClient, rival: ConvexClient, channel: TestChannel, rows: Query<List<Message>>, checked: Checked) =
        coroutineScope {
            List(30) { n ->
                delay(random.nextInt(10, 120).milliseconds)
                if (random.nextInt(3) == 0) launch { rival.mutate(send(channel, "rival-$n")) }
                else mutate(client, channel, rows, if (random.nextInt(4) == 0) "fails-$n" else "own-$n", checked)
            }.joinAll()
        }

    /** An update may be run on a result that has its write already, as long as the answer is lost: so it adds a row once. */
    private fun CoroutineScope.mutate(client: ConvexClient, channel: TestChannel, rows: Query<List<Message>>, body: String, checked: Checked) = launch {
        val fails = body.startsWith("fails")
        val result = runCatching {
            client.mutate(send(channel, if (fails) "" else body)) { store ->
                store.update(rows) { list -> if (list.any { it.body == body }) list else list + Message("", "test", body) }
            }
        }
        assertEquals(fails, result.isFailure, "$body: $result")
        checked.ended(body, fails)
    }

    private fun send(channel: TestChannel, body: String) =
        mutation<String>("messages:send", mapOf("body" to body, "author" to "test", "channel" to channel.name))

    /** What was shown, and what was wrong with it. */
    private class Checked {
        val shown = MutableStateFlow<QueryState.Data<List<Message>>?>(null)
        val wrong = ArrayList<String>()
        private val seen = HashSet<String>()
        private val succeeded = ConcurrentHashMap.newKeySet<String>()
        private val failed = ConcurrentHashMap.newKeySet<String>()

        fun show(state: QueryState.Data<List<Message>>) {
            val bodies = state.value.map { it.body }
            if (bodies.distinct() != bodies) wrong += "twice: $bodies"
            val gone = seen.filter { it !in bodies && !it.startsWith("fails") }
            if (gone.isNotEmpty()) wrong += "gone: $gone"
            val back = bodies.filter { it.startsWith("fails") && it in seen && it !in shown.value!!.value.map { row -> row.body } }
            if (back.isNotEmpty()) wrong += "back: $back"
            if (!state.pending && state.value.any { it.id.isEmpty() }) wrong += "not pending: $bodies"
            seen += bodies
            shown.value = state
        }

        fun ended(body: String, fails: Boolean) {
            (if (fails) failed else succeeded) += body
        }

        fun isOver() = shown.value!!.let { state ->
            val bodies = state.value.map { it.body }
            !state.pending && bodies.containsAll(succeeded) && bodies.none { it in failed }
        }
    }
}
