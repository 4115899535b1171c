package com.convexgateway.client

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement

/** The results of queries that belong together: what the gateway has sent, and what is shown of it. [Layers] guards it. */
internal class ResultGroup(keys: List<QueryKey>, val listener: GroupListener) {
    val queries: List<Query<JsonElement>> by lazy { keys.map { it.toQuery() } } // used by updates only
    val results = arrayOfNulls<Outcome>(keys.size)
    val readTimes = LongArray(keys.size)
    var isComplete = false
    var shown: List<Outcome?> = keys.map { null }

    /** Updates that have changed a result here. */
    val changedBy = HashSet<Layers.Layer>()

    /** Whether the last updates have read results of other groups. */
    var readsOthers = false

    /** What was published while the answer of a mutation may follow at once, in its order. */
    val held = ArrayList<() -> Unit>()

    /** Follows the queries for the present caller. */
    var source: Source? = null

    fun clear() {
        results.fill(null)
        readTimes.fill(0)
        isComplete = false
        shown = results.toList()
        changedBy.clear()
        held.clear()
        readsOthers = false
    }

    fun takeHeld() {
        held.forEach { it() }
        held.clear()
    }

    fun take(changes: Map<Int, Outcome?>, readTime: Long, isComplete: Boolean) {
        for ((position, outcome) in changes) {
            results[position] = outcome
            readTimes[position] = readTime
        }
        if (isComplete && readTime > 0) readTimes.fill(readTime)
        this.isComplete = isComplete
    }

    /** The position of a query whose result can be read; -1 if there is none. */
    fun positionOf(query: Query<*>): Int = queries.indexOf(query)
}

/** What is shown as JSON, with the positions that updates have changed. */
internal class ShownJson(private val outcomes: List<Outcome?>) {
    private val changed = HashMap<Int, JsonElement>()

    val changes: Map<Int, JsonElement> get() = changed

    operator fun get(position: Int): JsonElement? = changed[position] ?: outcomes[position]?.element()

    fun add(changes: Map<Int, JsonElement>) {
        changed += changes
    }
}

/** The value as JSON; null if it is none, or may not be shown. */
internal fun Outcome.element(): JsonElement? = json?.takeIf { isShown }?.let { Json.parseToJsonElement(it.toStringUtf8()) }
