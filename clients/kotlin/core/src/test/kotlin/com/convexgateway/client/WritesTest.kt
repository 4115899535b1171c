package com.convexgateway.client

import java.util.UUID
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.measureTime
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.launch

/** When a mutation of a signed-in user returns, the collectors of the client's results have its write. */
class WritesTest {
    private val dev = DevGateway.shared
    private val channel = "c-${UUID.randomUUID()}"
    private val rows = messages()

    /** Of the last messages; each limit is another query. */
    private fun messages(limit: Double = 50.0) = query<List<Message>>("messages:list", mapOf("channel" to channel, "limit" to limit))

    private fun send(body: String) = mutation<String>("messages:send", mapOf("channel" to channel, "body" to body))

    private suspend fun signedIn(target: String, body: suspend (ConvexClient) -> Unit) =
        ConvexGatewayClient(target, DevProvider(dev, "ada" + UUID.randomUUID().toString().filter { it.isLetterOrDigit() })).use { client ->
            client.login(this)
            client.subscribe(query<Me?>("users:me")).first { it.getOrNull() != null }
            body(client)
        }

    /** Whether a mutation returns before the 50 ms for which it waits, here and at the gateway, for a collector that a busy machine does not run. */
    private suspend fun isPrompt(mutate: suspend () -> Unit) = measureTime { mutate() } < 50.milliseconds

    /** What a collector has last. */
    private class Seen(flow: Flow<List<Message>>, scope: CoroutineScope) {
        @Volatile
        var last: List<Message>? = null

        val job: Job = scope.launch { flow.collect { last = it } }

        val lastBody get() = last?.lastOrNull()?.body
    }

    /** All ways to follow the messages, with results below and above the 16 KiB of a frame. */
    private suspend fun CoroutineScope.follow(client: ConvexClient): List<Seen> {
        val flows = List(4) { client.subscribe(messages(10.0 + it)).values() } +
            client.subscribe(messages(400.0)).values() +
            client.states(rows).mapNotNull { (it as? QueryState.Data)?.value } +
            client.watch { add(rows) }.mapNotNull { (it[rows] as? QueryState.Data)?.value }
        val all = flows.map { Seen(it, this) }
        eventually { all.all { it.last != null } }
        return all
    }

    @Test
    fun `three hundred mutations`() = test(3.minutes) {
        signedIn(dev.target) { client ->
            val all = follow(client)
            val stale = ArrayList<String>()
            repeat(300) { n ->
                val prompt = isPrompt { client.mutate(send("message $n")) }
                val seen = all.map { it.last!!.takeLast(10) }
                val now = client.query(rows).takeLast(10)
                seen.forEachIndexed { of, rows -> if (prompt && rows != now) stale += "$n of $of" }
            }
            assertEquals(emptyList(), stale)
            assertEquals(7, client.transport.intakes.size)
            all.forEach { it.job.cancel() }
            eventually { client.transport.intakes.isEmpty() }
        }
    }

    @Test
    fun `mutations with updates`() = test(3.minutes) {
        signedIn(dev.target) { client ->
            val all = follow(client)
            repeat(50) { n ->
                val prompt = isPrompt {
                    client.mutate(send("message $n")) { store -> store.update(rows) { it + Message("", "ada", "message $n") } }
                }
                val seen = all.map { it.lastBody }
                if (prompt) assertEquals(List(all.size) { "message $n" }, seen)
            }
        }
    }

    @Test
    fun `after a connection was cut`() = test(3.minutes) {
        TcpProxy(dev.grpc).use { proxy ->
            signedIn(proxy.target) { client ->
                val all = follow(client)
                repeat(3) { round -> // each waits twice as long as the one before
                    proxy.cut()
                    client.mutate(send("cut $round"))
                    eventually { all.all { it.lastBody == "cut $round" } }
                    repeat(5) { n ->
                        val prompt = isPrompt { client.mutate(send("message $round $n")) }
                        val seen = all.map { it.lastBody }
                        if (prompt) assertEquals(List(all.size) { "message $round $n" }, seen)
                    }
                }
                eventually { client.transport.intakes.size == 7 }
            }
        }
    }

    @Test
    fun `collectors that stand still, and one that makes mutations`() = test(2.minutes) {
        signedIn(dev.target) { client ->
            repeat(3) { launch { client.subscribe(rows).collect { awaitCancellation() } } }
            launch { client.watch { add(rows) }.collect { awaitCancellation() } }
            val replies = launch {
                client.subscribe(rows).map { it.bodies() }.collect { bodies ->
                    val body = bodies.lastOrNull { it.startsWith("message") && "reply to $it" !in bodies }
                    if (body != null) client.mutate(send("reply to $body"))
                }
            }
            val seen = Seen(client.subscribe(rows).values(), this)
            eventually { seen.last != null }
            var late = 0 // when a mutation had returned: a busy machine may not run a collector in the time for which it waits
            repeat(50) { n -> // each would take 5 s
                client.mutate(send("message $n"))
                if (seen.last!!.none { it.body == "message $n" }) late++
                eventually { seen.last!!.any { it.body == "message $n" } }
            }
            assertTrue(late < 25, "$late of 50")
            eventually { seen.last!!.any { it.body == "reply to message 49" } }
            replies.cancel()
        }
    }
}
