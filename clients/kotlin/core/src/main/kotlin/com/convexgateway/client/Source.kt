package com.convexgateway.client

/** Follows the queries of one group for one caller. */
internal interface Source {
    /** Whether the group can be asked, at little cost, up to which time its results hold. */
    val answersCheckpoints: Boolean

    /** Whether the current caller may see an outcome of this source. */
    fun shows(outcome: Outcome): Boolean

    /** Follows until there can be no more results. Calls [restored] when the kept values were published, if there are any. */
    suspend fun run(restored: () -> Unit)

    /** Asks, as the [time] may be ahead of the results, for the results at that time; or again, if there was no answer. */
    fun ask(time: Long)
}

/**
 * Takes what is new of a group.
 *
 * Its arguments: the new outcomes by the positions of their queries, null for one that is not loaded any more; the time of the
 * deployment at which they hold, as in [nanos], 0 if it is not known; and whether the others of the group hold at that time, too.
 */
internal typealias Publish = (changes: Map<Int, Outcome?>, readTime: Long, isComplete: Boolean) -> Unit
