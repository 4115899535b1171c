package com.convexgateway.client

import kotlin.random.Random
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * How one page is followed.
 *
 * @property states each with the outcome that it is of
 * @property newest returns the outcome that is shown now, whose state [states] is about to emit or has emitted last
 */
internal class PageStates<T>(val states: Flow<Pair<QueryState<Page<T>>, Any?>>, val newest: () -> Any?)

/**
 * The pages of a list, each of which is followed by itself. A page is what is between two cursors: the journals in resume tokens, or an end
 * cursor, keep its end. The rules are those of Convex's own `usePaginatedQuery` (get-convex/convex-js).
 *
 * @param open follows the page with these `paginationOpts`
 */
internal class Pages<T>(private val pageSize: Int, private val open: (options: JsonObject) -> PageStates<T>) {
    /** Between two cursors. null: from the first row, and to where the first run has ended. */
    private class Range(val from: String?, val to: String?)

    private inner class Followed(val range: Range) {
        val source = open(optionsOf(range))
        var outcome: Any? = null // that its state is of
        var page: Page<T>? = null
        var failure: ConvexException? = null
        var halves: List<Followed> = emptyList() // that take its place when both have rows
        var job: Job? = null

        /** Why it cannot be shown as it is, or be divided. */
        val problem: ConvexException? get() = failure ?: halves.firstNotNullOfOrNull { it.failure }

        fun end() {
            job?.cancel()
            job = null
            halves.forEach { it.end() }
        }
    }

    private inner class Change(val of: Followed, val state: QueryState<Page<T>>, val outcome: Any?)

    @Volatile
    private var changes = Channel<Change?>(Channel.UNLIMITED) // null: load more

    // Used by the coroutine that follows.
    private var id = newId()
    private var pages: List<Followed> = emptyList()

    fun loadMore() {
        changes.trySend(null)
    }

    /** Follows the pages until it is cancelled, and shows what they have. */
    suspend fun follow(show: (List<T>, PagedStatus) -> Unit): Unit = coroutineScope {
        changes = Channel(Channel.UNLIMITED)
        val ranges = pages.mapIndexed { n, page -> Range(page.range.from, page.range.to ?: pages.getOrNull(n + 1)?.range?.from) }
        pages = ranges.ifEmpty { listOf(Range(null, null)) }.map { follow(it) }
        var withheld = 0
        for (change in changes) {
            when {
                change == null -> if (status() == PagedStatus.CanLoadMore) pages += follow(Range(pages.last().page!!.continueCursor, null))
                change.of.job != null -> handle(change) // else it is followed no more
            }
            // What an update changes on several pages is shown at once, when the state of the last of them has come.
            val isBehind = pages.any { it.source.newest() !== it.outcome }
            if (isBehind && ++withheld <= MAX_WITHHELD) continue
            withheld = 0
            show(items(), status())
        }
    }

    private fun CoroutineScope.follow(range: Range): Followed {
        val followed = Followed(range)
        followed.job = launch { followed.source.states.collect { (state, outcome) -> changes.send(Change(followed, state, outcome)) } }
        return followed
    }

    private fun optionsOf(range: Range) = JsonObject(
        buildMap {
            put("numItems", JsonPrimitive(pageSize.toDouble()))
            put("cursor", JsonPrimitive(range.from))
            if (range.to != null) put("endCursor", JsonPrimitive(range.to))
            put("id", JsonPrimitive(id))
        },
    )

    private fun CoroutineScope.handle(change: Change) {
        val followed = change.of
        followed.outcome = change.outcome
        when (val state = change.state) {
            QueryState.Loading -> if (followed.page != null || followed.failure != null) restart() // for another caller
            is QueryState.Failed -> if (state.error.endsPages(followed.range)) restart() else followed.failure = state.error
            is QueryState.Data -> {
                followed.page = state.value
                followed.failure = null
                divide(followed)
            }
        }
    }

    /** Begins with the first page again, whose journal is nobody else's. */
    private fun CoroutineScope.restart() {
        pages.forEach { it.end() }
        id = newId()
        pages = listOf(follow(Range(null, null)))
    }

    /** Whether all pages have to be read again: their cursors are those of another query, or cannot be read any more. */
    private fun ConvexException.endsPages(range: Range): Boolean {
        if (this is GatewayError) return reason == PAGE_RESTART
        val isOfCursor = "InvalidCursor" in message.orEmpty() || "Failed to parse cursor" in message.orEmpty() ||
            (this is ConvexError && "\"paginationError\":\"InvalidCursor\"" in data)
        return isOfCursor && (range.from != null || range.to != null)
    }

    /** Divides a page that is too large, and puts the halves of one in its place when both have rows. */
    private fun CoroutineScope.divide(followed: Followed) {
        val whole = pages.firstOrNull { followed in it.halves }
        val page = followed.page!!
        val middle = page.splitCursor
        when {
            whole != null -> if (whole.halves.all { it.page != null }) {
                val halves = whole.halves
                whole.halves = emptyList()
                whole.end()
                pages = pages.flatMap { if (it === whole) halves else listOf(it) }
                halves.forEach { divide(it) }
            }
            middle != null && followed.halves.isEmpty() && (page.pageStatus != null || page.page.size > 2 * pageSize) ->
                followed.halves = listOf(follow(Range(followed.range.from, middle)), follow(Range(middle, page.continueCursor)))
        }
    }

    /** The pages that are shown: those before the first that is not complete, and what that has had if it has failed. */
    private fun items(): List<T> {
        val complete = pages.takeWhile { it.isComplete && it.problem == null }
        val failed = pages.getOrNull(complete.size)?.takeIf { it.isComplete && it.problem != null }
        return (complete + listOfNotNull(failed)).flatMap { it.page!!.page }
    }

    private fun status(): PagedStatus {
        val first = pages.indexOfFirst { !it.isComplete || it.problem != null }
        return when {
            first < 0 -> if (pages.last().page!!.isDone) PagedStatus.Exhausted else PagedStatus.CanLoadMore
            pages[first].problem != null -> PagedStatus.Failed(pages[first].problem!!)
            first == 0 -> PagedStatus.LoadingFirstPage
            else -> PagedStatus.LoadingMore
        }
    }

    private val Followed.isComplete get() = page != null && page!!.pageStatus != SPLIT_REQUIRED

    private companion object {
        /** How many changes of quick pages may go by without being shown. */
        const val MAX_WITHHELD = 16

        const val SPLIT_REQUIRED = "SplitRequired"

        /** A whole number that a Float64 holds. */
        fun newId() = Random.nextLong(1L shl 53).toDouble()
    }
}
