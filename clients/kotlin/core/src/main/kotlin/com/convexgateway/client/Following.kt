package com.convexgateway.client

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.launch

/** Gets what is to be shown of a group. */
internal interface GroupListener {
    /** The group is followed for another caller, by [source]; null: for none. Nothing is loaded. */
    fun begins(source: Source?)

    /** The kept values were published, if there are any. */
    fun restored()

    /**
     * Gets what is shown, whenever that has changed: an outcome for each query, null for one that is not loaded, and whether all hold at one
     * time. It is called under a lock; [changed] follows without it, because some dispatchers run a collector in the thread that wakes it.
     */
    fun show(outcomes: List<Outcome?>, isComplete: Boolean)

    /** What may be shown has changed. */
    fun changed()

    /** Waits until collectors have what is shown now, with the patience of [Progress]. */
    suspend fun delivered()
}

/** Follows a group of queries for the current caller, for one after the other. */
internal class Following(
    private val keys: List<QueryKey>,
    private val callers: StateFlow<Caller>,
    private val layers: Layers,
    private val sourceOf: (caller: Caller, publish: Publish) -> Source,
) {
    /** Follows until there will be no more results. */
    @OptIn(ExperimentalCoroutinesApi::class)
    suspend fun run(listener: GroupListener) {
        val group = ResultGroup(keys, listener)
        layers.add(group)
        try {
            callers.transformLatest<Caller, Unit> { emit(follow(it, group, listener)) }.first()
        } finally {
            layers.remove(group)
        }
    }

    private suspend fun follow(caller: Caller, group: ResultGroup, listener: GroupListener) {
        val isCaller = caller is Caller.User || caller == Caller.Anonymous
        val source = if (!isCaller) null else sourceOf(caller) { changes, readTime, isComplete ->
            layers.publish(group, changes, readTime, isComplete)
        }
        layers.begin(group, source)
        listener.begins(source)
        if (caller == Caller.Undecided) awaitCancellation()
        if (source != null) coroutineScope {
            if (caller is Caller.User) launch { caller.identities.changes.collect { listener.changed() } }
            source.run(listener::restored)
            coroutineContext.cancelChildren()
        }
    }
}
