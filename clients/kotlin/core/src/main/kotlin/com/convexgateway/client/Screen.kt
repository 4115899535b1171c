package com.convexgateway.client

import kotlinx.coroutines.channels.Channel
import kotlinx.serialization.json.Json

/** The newest results of queries that are followed together, for one collector of their snapshots. */
internal class Screen(private val queries: List<Query<*>>, private val json: Json?) : GroupListener {
    /** What may be shown. Two are the same if their outcomes are the same objects. */
    private class View(val outcomes: List<Outcome?>, val isComplete: Boolean) {
        fun isSame(other: View?) =
            other != null && isComplete == other.isComplete && outcomes.indices.all { outcomes[it] === other.outcomes[it] }
    }

    private val lock = Any() // guards the fields below
    private var outcomes: List<Outcome?> = queries.map { null }
    private var isComplete = false
    private var isRestored = false // the kept values were published, if there are any
    private var end: Result<Unit>? = null
    private var version = 0L // of the fields above

    private val wake = Channel<Unit>(Channel.CONFLATED)
    private val progress = Progress()
    private val last = HashMap<Int, Pair<Outcome, QueryState.Data<*>>>() // used by the collector

    override fun begins(source: Source?) = change {
        outcomes = queries.map { null }
        isComplete = false
        isRestored = source == null
    }

    override fun restored() = change { isRestored = true }

    override fun changed() = change { }

    override fun show(outcomes: List<Outcome?>, isComplete: Boolean) = synchronized(lock) {
        version++
        this.outcomes = outcomes
        this.isComplete = isComplete
    }

    /** There will be no more results. */
    fun end(how: Result<Unit>) = change { end = how }

    private inline fun change(update: () -> Unit) {
        synchronized(lock) {
            update()
            version++
        }
        wake.trySend(Unit)
    }

    private fun view(): View = synchronized(lock) {
        val shown = outcomes.map { outcome -> outcome?.takeIf { it.isShown } }
        View(shown, isComplete && shown.none { it == null })
    }

    /** Emits the snapshots to [emit], the newest one if that takes long, until there will be no more. */
    suspend fun read(emit: suspend (Snapshot) -> Unit) = try {
        while (!synchronized(lock) { isRestored || end != null }) wake.receive()
        readRestored(emit)
    } finally {
        progress.end()
    }

    private suspend fun readRestored(emit: suspend (Snapshot) -> Unit) {
        var shown: View? = null
        while (true) {
            val (over, now) = synchronized(lock) { end to version }
            val view = view()
            if (view.isSame(shown)) {
                if (over != null) return over.getOrThrow()
                progress.reached(now)
                wake.receive()
                continue
            }
            val states = view.outcomes.mapIndexed { n, outcome -> state(n, outcome) }
            if (!view().isSame(view)) continue // perhaps of a user who has signed out
            shown = view
            progress.emitting { emit(Snapshot(queries.zip(states).toMap(), view.isComplete)) }
        }
    }

    override suspend fun delivered() = progress.await(synchronized(lock) { version })

    private suspend fun state(position: Int, outcome: Outcome?): QueryState<*> {
        val query = queries[position]
        val result = outcome?.decode(query.type, json) ?: return QueryState.Loading
        if (outcome.isCached && result.isFailure) return QueryState.Loading // kept by an app with other types
        val before = last[position]?.takeIf { (of, _) -> of.from === outcome.from && of.isShown }?.second
        val state = stateOf(result, before, outcome.isCached, outcome.isPending)
        if (state is QueryState.Data) last[position] = outcome to state
        return state
    }
}
