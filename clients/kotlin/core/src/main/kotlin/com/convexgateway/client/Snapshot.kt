package com.convexgateway.client

/** Names the queries of a [Convex.watch]. */
public class WatchBuilder private constructor() {
    private val queries = ArrayList<Query<*>>()

    /** Adds a query, by which snapshots have its state. Equal ones are one, and have to be of one type. */
    public fun <T> add(query: Query<T>): Query<T> {
        val equal = queries.firstOrNull { it == query } ?: return query.also { queries += it }
        require(equal.type.descriptor == query.type.descriptor) { "${query.path} was added with another type of result" }
        return query
    }

    internal companion object {
        fun build(queries: WatchBuilder.() -> Unit): List<Query<*>> = WatchBuilder().apply(queries).queries.toList()
    }
}

/**
 * The states of the queries of a [Convex.watch].
 *
 * @property isComplete whether all hold at one time, anonymous ones and others each; until they do, some are loading, or are of before while the gateway has lost the
 *   deployment
 */
public class Snapshot internal constructor(private val states: Map<Query<*>, QueryState<*>>, public val isComplete: Boolean) {
    /**
     * The state of a query.
     *
     * @throws IllegalArgumentException if the query was not added
     */
    public operator fun <T> get(query: Query<T>): QueryState<T> {
        val state = requireNotNull(states[query]) { "${query.path} was not added, or with other arguments" }
        @Suppress("UNCHECKED_CAST") // equal queries are added with one type
        return state as QueryState<T>
    }

    internal operator fun plus(other: Snapshot) = Snapshot(states + other.states, isComplete && other.isComplete)

    override fun equals(other: Any?): Boolean = other is Snapshot && isComplete == other.isComplete && states == other.states

    override fun hashCode(): Int = states.hashCode()

    override fun toString(): String = "Snapshot(${states.entries.joinToString { "${it.key.path}=${it.value}" }}, isComplete=$isComplete)"
}
