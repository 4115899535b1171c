package com.convexgateway.client

import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch

/** The subscriptions of a client. Equal ones share a [SharedQuery] from the first collector until the last one has gone. */
internal class Subscriptions(
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val lastValues: LastValues,
    private val layers: Layers,
    private val options: ClientOptions,
) {
    private val json = options.json
    private class Running(val query: SharedQuery, val job: Job)

    private val scope by lazy { CoroutineScope(SupervisorJob() + transport.link.dispatcher) }
    private val streams by lazy { WatchStreams(transport) }
    private val lock = Any() // guards the fields below
    private val running = HashMap<QueryKey, Running>()
    private var isClosed = false

    /** The results for the current caller, without cached ones. */
    fun <T> results(query: Query<T>): Flow<Result<T>> = reading(query) { reader ->
        var last: Outcome? = null
        while (true) {
            val outcome = reader.next() ?: break
            val result = outcome.decode(query.type, json)
            if (!reader.take(outcome)) continue
            if (last?.let(outcome::repeats) != true) reader.progress.emitting { emit(result) }
            last = outcome
        }
    }

    /** The states for the current caller. A collector that does not keep up gets the newest one. */
    fun <T> states(query: Query<T>): Flow<QueryState<T>> = states(query, joined = {}) { state, _ -> state }

    /** The states of a page, beside what is shown of it at the time. */
    fun <T> page(query: Query<Page<T>>): PageStates<T> {
        val joined = AtomicReference<SharedQuery.Reader>()
        return PageStates(states(query, joined::set) { state, outcome -> state to outcome }) {
            joined.get()?.let { reader -> layers.read { reader.newest() } }
        }
    }

    private fun <T, E> states(
        query: Query<T>,
        joined: (SharedQuery.Reader) -> Unit,
        of: (QueryState<T>, Outcome?) -> E,
    ): Flow<E> = reading(query) { reader ->
        joined(reader)
        var shown: Outcome? = null
        var last: Pair<Outcome, QueryState.Data<T>>? = null
        reader.restored()
        if (reader.newest() == null) reader.progress.emitting { emit(of(QueryState.Loading, null)) }
        while (reader.await(shown)) {
            val outcome = reader.newest()
            val result = outcome?.decode(query.type, json)
            if (reader.newest() !== outcome) continue
            shown = outcome
            if (outcome?.isCached == true && result?.isFailure == true) continue // kept by an app with other types
            val before = last?.takeIf { (of, _) -> of.from === outcome?.from && of.isShown }?.second
            val state = if (result == null) QueryState.Loading else stateOf(result, before, outcome.isCached, outcome.isPending)
            if (state is QueryState.Data) last = outcome!! to state
            reader.progress.emitting { emit(of(state, outcome)) }
        }
    }

    /** Snapshots of queries that are followed together, on one stream: the anonymous ones of them are a group of their own. */
    fun watch(queries: List<Query<*>>): Flow<Snapshot> = flow {
        val on = if (options.singleStream) streams else WatchStreams(transport)
        val (anonymous, own) = queries.partition { it.isAnonymous }
        if (anonymous.isEmpty() || own.isEmpty()) emitAll(snapshots(queries, on))
        else emitAll(combine(snapshots(own, on), snapshots(anonymous, on)) { a, b -> a + b })
    }

    private fun snapshots(queries: List<Query<*>>, on: WatchStreams): Flow<Snapshot> = flow {
        val screen = Screen(queries, json)
        val following = Following(queries.map { QueryKey.of(it) }, callers, layers) { caller, publish ->
            group(queries.map { QueryKey.of(it) }, caller, on, publish, restartsPages = true)
        }
        val job = scope.launch { screen.end(runCatching { following.run(screen) }) }
        try {
            screen.read { emit(it) }
        } finally {
            job.cancel()
        }
    }

    private fun group(keys: List<QueryKey>, caller: Caller, on: WatchStreams, publish: Publish, restartsPages: Boolean) =
        WatchedGroup(keys, caller, transport, callers, lastValues, on, restartsPages, publish)

    private fun <E> reading(query: Query<*>, read: suspend FlowCollector<E>.(SharedQuery.Reader) -> Unit): Flow<E> = flow {
        val key = QueryKey.of(query)
        val (shared, reader) = join(key)
        try {
            read(reader)
        } finally {
            leave(key, shared, reader)
        }
    }

    private fun join(key: QueryKey): Pair<SharedQuery, SharedQuery.Reader> = synchronized(lock) {
        val shared = running[key]?.query ?: start(key)
        shared to shared.join()
    }

    private fun start(key: QueryKey): SharedQuery {
        val shared = SharedQuery(
            Following(listOf(key), callers, layers) { caller, publish ->
                if (options.singleStream) group(listOf(key), caller, streams, publish, restartsPages = false)
                else Follower(key, caller, transport, callers, lastValues, publish)
            },
        )
        if (isClosed) return shared.also { it.end(null) }
        running[key] = Running(shared, scope.launch {
            val failure = runCatching { shared.run() }.exceptionOrNull()
            if (isActive) ended(key, shared, failure) // else nobody reads any more
        })
        return shared
    }

    private fun ended(key: QueryKey, shared: SharedQuery, cause: Throwable?) {
        synchronized(lock) { if (running[key]?.query === shared) running -= key }
        shared.end(cause)
    }

    private fun leave(key: QueryKey, shared: SharedQuery, reader: SharedQuery.Reader) = synchronized(lock) {
        val of = running[key]
        if (!shared.leave(reader) || of?.query !== shared) return@synchronized
        running -= key
        of.job.cancel()
    }

    /** Ends all subscriptions, and those to come. */
    fun close() {
        val all = synchronized(lock) {
            isClosed = true
            running.values.toList().also { running.clear() }
        }
        for (of in all) {
            of.query.end(null)
            of.job.cancel()
        }
    }
}
