package com.convexgateway.client

import com.google.protobuf.ByteString
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.serialization.json.JsonElement

/**
 * The updates of the mutations under way, each a layer over the results of all groups. What is shown of a group are its results with all
 * layers in the order in which the mutations were made, but those that a result has: its time is not before the mutation's.
 *
 * The gateway sends results before the answer of the mutation that has changed them. So a group that shows an update holds results back
 * until the answer has come, for [HOLD] at most: the update and the result that has its write are not shown together.
 *
 * Updates are run under its lock, by the coroutines that receive results, and by those that begin and end mutations.
 */
internal class Layers(
    private val callers: StateFlow<Caller>,
    private val options: ClientOptions,
    private val dispatcher: () -> CoroutineDispatcher,
) {
    /** One mutation's update, which holds for its caller's results only. */
    inner class Layer(val caller: Caller, val path: String, val update: (OptimisticStore) -> Unit) {
        /** When the mutation has been committed; null: there is no answer yet. */
        var commitTime: Long? = null
        var hasThrown = false

        fun appliesTo(readTime: Long) = commitTime.let { it == null || readTime < it }
    }

    private val scope by lazy { CoroutineScope(SupervisorJob() + dispatcher()) }
    private val lock = Any() // guards the fields below, layers and groups
    private val groups = LinkedHashSet<ResultGroup>()
    private val layers = ArrayList<Layer>()
    private val toWake = ArrayList<GroupListener>() // those that were shown something during the present change
    private val _changes = MutableStateFlow(0)

    /** Emits at first, and when results or groups have changed. */
    val changes: Flow<Any> get() = _changes

    fun add(group: ResultGroup) {
        synchronized(lock) { groups += group }
    }

    fun remove(group: ResultGroup) = change {
        groups -= group
        group.clear()
    }

    /** The group has another caller, whose results [source] publishes; none are loaded. */
    fun begin(group: ResultGroup, source: Source?) = change {
        group.clear()
        group.source = source
    }

    fun publish(group: ResultGroup, changes: Map<Int, Outcome?>, readTime: Long, isComplete: Boolean) = change {
        if (group !in groups) return@change
        group.held += { group.take(changes, readTime, isComplete) }
        if (!awaitsAnswer(group)) return@change release(group)
        if (group.held.size == 1) scope.launch {
            delay(HOLD)
            change { if (group in groups) release(group) }
        }
    }

    private fun awaitsAnswer(group: ResultGroup) = group.changedBy.any { it.commitTime == null }

    private fun release(group: ResultGroup) {
        val before = group.isComplete
        group.takeHeld()
        show(group, always = before != group.isComplete)
        if (layers.isNotEmpty()) for (other in groups) if (other !== group && other.readsOthers) show(other)
    }

    /** Begins to show an update. */
    fun begin(layer: Layer) = change {
        layers += layer
        groups.forEach { show(it) }
    }

    /**
     * The mutation of a layer was committed; the layer ends in each group with a result of that time.
     *
     * @param time null: it is not known. The next results are taken for those that have the write
     */
    fun committed(layer: Layer, time: Long?) = change {
        val newest = groups.filter { layer in it.changedBy }.maxOfOrNull { it.readTimes.max() } ?: 0
        layer.commitTime = time ?: (newest + 1).coerceAtLeast(newest)
        releaseAnswered()
    }

    /** Shows an update no more. */
    fun end(layer: Layer) = change {
        layers -= layer
        groups.forEach { it.changedBy -= layer }
        releaseAnswered()
    }

    private fun releaseAnswered() = groups.forEach { if (awaitsAnswer(it)) show(it) else release(it) }

    /** Reads what is shown of several groups while none of them changes. */
    fun <R> read(read: () -> R): R = synchronized(lock) { read() }

    fun close() = scope.cancel()

    /** What follows the groups that show an update of a committed mutation. */
    fun behind(layer: Layer): List<Source> = synchronized(lock) {
        if (callers.value !== layer.caller) return emptyList()
        groups.filter { layer in it.changedBy && it.isBehind(layer) }.mapNotNull { it.source }
    }

    /** What follows the groups that can be asked for results at a time, and have none of that time yet. Those that are loading are left out. */
    fun behind(time: Long): List<Source> = synchronized(lock) {
        groups.filter { it.isComplete && it.isBehind { readTime -> readTime < time } }.mapNotNull { it.source }.filter { it.answersCheckpoints }
    }

    /** Waits until no results are held back, and collectors have what is shown. */
    suspend fun delivered() {
        changes.first { synchronized(lock) { groups.all { it.held.isEmpty() } } }
        val listeners = synchronized(lock) { groups.map { it.listener } }
        coroutineScope { for (listener in listeners) launch { listener.delivered() } }
    }

    private fun ResultGroup.isBehind(layer: Layer) = isBehind(layer::appliesTo)

    private inline fun ResultGroup.isBehind(isOld: (readTime: Long) -> Boolean) =
        results.indices.any { results[it]?.json != null && results[it]!!.isShown && isOld(readTimes[it]) }

    private fun change(update: () -> Unit) {
        val shown = synchronized(lock) {
            update()
            toWake.toList().also { toWake.clear() }
        }
        shown.forEach { it.changed() }
        _changes.update { it + 1 }
    }

    private fun show(group: ResultGroup, always: Boolean = false) {
        group.readsOthers = false
        val json = ShownJson(group.results.asList())
        if (callers.value !is Caller.Undecided) for (layer in layers) if (layer.caller === callers.value) run(layer, group, json)
        val outcomes = group.results.mapIndexed { n, outcome -> shown(outcome, json.changes[n], group.shown[n]) }
        val isNew = outcomes.indices.any { outcomes[it] !== group.shown[it] }
        group.shown = outcomes
        if (!isNew && !always) return
        group.listener.show(outcomes, group.isComplete)
        toWake += group.listener
    }

    /** Runs an update on a group. If it throws, it has changed nothing. */
    private fun run(layer: Layer, group: ResultGroup, json: ShownJson) {
        val open = group.results.indices.filter { layer.appliesTo(group.readTimes[it]) && group.results[it]?.json != null }
        if (open.isEmpty()) return
        val changed = HashMap<Int, JsonElement>()
        val read = { query: Query<*> ->
            val position = group.positionOf(query)
            if (position < 0) elsewhere(query).also { group.readsOthers = true } else changed[position] ?: json[position]
        }
        val write = { query: Query<*>, value: JsonElement -> changed[group.positionOf(query)] = value }
        try {
            layer.update(OptimisticStore(open.map { group.queries[it] }, read, write, options.json))
        } catch (e: Throwable) {
            if (!layer.hasThrown) options.log(ClientLogger.Level.WARN, e) { "the update of ${layer.path} has failed" }
            layer.hasThrown = true
            return
        }
        if (changed.isNotEmpty()) group.changedBy += layer
        json.add(changed)
    }

    private fun elsewhere(query: Query<*>): JsonElement? = groups.firstNotNullOfOrNull { group ->
        group.positionOf(query).takeIf { it >= 0 }?.let { group.shown[it]?.element() }
    }

    /** What is shown of a result; the same object as [before] if that is the same. */
    private fun shown(result: Outcome?, changed: JsonElement?, before: Outcome?): Outcome? {
        if (result == null || changed == null) return result
        val json = ByteString.copyFromUtf8(changed.toString())
        val isSame = before != null && before.isPending && before.from === result.from && before.tag == result.tag &&
            before.isCached == result.isCached && before.json == json
        return if (isSame) before else result.pending(json)
    }

    private companion object {
        /** How long results wait for the answer of a mutation. */
        val HOLD = 500.milliseconds
    }
}
