package com.convexgateway.client

import com.convexgateway.client.ScriptedWatch.Companion.unchanged
import com.convexgateway.client.ScriptedWatch.Companion.value
import com.convexgateway.v1.TargetChange
import com.convexgateway.v1.WatchResponse
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.flow.MutableStateFlow

/** What a group publishes for each response, which a collector of snapshots may skip. */
class WatchedGroupTest {
    private val target = Target.parse("http://127.0.0.1:1") // to which nothing connects
    private val transport = Transport(target, ClientOptions())
    private val callers = MutableStateFlow<Caller>(Caller.Anonymous)
    private val published = ArrayList<Map<Int, String?>>()
    private val group = WatchedGroup(
        keys = listOf("m:a", "m:b").map { QueryKey.of(query<Double>(it)) }, Caller.Anonymous, transport, callers,
        LastValues(target, transport, callers, ClientOptions()), WatchStreams(transport), restartsPages = true,
    ) { changes, _, _ -> published += changes.mapValues { it.value?.json?.toStringUtf8() } }

    @AfterTest
    fun close() = transport.close()

    private fun open() {
        group.opened()
        group.queries.forEachIndexed { n, query -> query.opened(target = n + 1, group = 0) }
    }

    private fun take(vararg changes: TargetChange.Builder, more: Boolean = false, complete: Boolean = true): List<Map<Int, String?>> {
        val response = WatchResponse.newBuilder().setReadTime(timestampOf(10)).setMore(more).setComplete(complete)
        changes.forEach { response.addChanges(it) }
        group.take(response.build())
        published.clear()
        group.takePending().forEach { it() }
        return published.toList()
    }

    @Test
    fun `parts are published with the last`() {
        open()
        assertEquals(emptyList(), take(value(1, "1"), more = true, complete = false))
        assertEquals(listOf<Map<Int, String?>>(mapOf(0 to "1", 1 to "2")), take(value(2, "2")))
    }

    @Test
    fun `what another stream sends is published when all is there`() {
        open()
        assertEquals(listOf<Map<Int, String?>>(mapOf(0 to "1")), take(value(1, "1"), complete = false))
        assertEquals(listOf<Map<Int, String?>>(mapOf(1 to "1")), take(value(2, "1")))
        open()
        assertEquals(emptyList(), take(value(1, "2"), complete = false))
        assertEquals(listOf<Map<Int, String?>>(mapOf(0 to "2", 1 to "1")), take(unchanged(2)))
    }
}
