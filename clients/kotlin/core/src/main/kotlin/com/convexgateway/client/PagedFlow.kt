package com.convexgateway.client

import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

/** What a [PagedFlow] has loaded, and whether there is more. */
public sealed interface PagedStatus {
    /** Nothing is loaded for the present caller. */
    public data object LoadingFirstPage : PagedStatus

    /** There is more: [PagedFlow.loadMore]. */
    public data object CanLoadMore : PagedStatus

    /** A further page is being loaded. */
    public data object LoadingMore : PagedStatus

    /** All is loaded. */
    public data object Exhausted : PagedStatus

    /** A page has failed; it may mend itself. The items are those before it, and its own last ones. */
    public data class Failed(val error: ConvexException) : PagedStatus
}

/**
 * A list that grows by pages, each of which is followed. Neither inserts nor deletes, lost connections or restarts of the gateway make rows
 * appear twice or go missing between two pages. See [Convex.paginate].
 *
 * The pages are followed from the first collector of [items] or [status] until the last one has gone, with the first one's dispatcher. A
 * collector after that begins with the same pages. When another user signs in, or a cursor is no longer valid, the list begins again with
 * its first page.
 */
public class PagedFlow<T> internal constructor(convex: Convex, query: Query<Page<T>>, pageSize: Int) {
    private class Loaded<T>(val items: List<T>, val status: PagedStatus, val cause: Throwable? = null)
    private class Run<T>(val loaded: MutableStateFlow<Loaded<T>>, val job: Job)

    private val pages = Pages(pageSize) { options ->
        val page = Query(query.path, query.args + ("paginationOpts" to options), query.type, query.isAnonymous)
        if (convex is ConvexClient) convex.page(page) else PageStates(convex.states(page).map { it to null }) { null }
    }
    private val lock = Any() // guards the fields below
    private var collectors = 0
    private var run: Run<T>? = null // the last one

    /** The rows of all pages so far, in their order. */
    public val items: Flow<List<T>> = part { it.items }

    /** Whether there is more, and what the list waits for. */
    public val status: Flow<PagedStatus> = part { it.status }

    /** Loads one page more. Does nothing unless the status is [PagedStatus.CanLoadMore]. */
    public fun loadMore(): Unit = pages.loadMore()

    private fun <E> part(of: (Loaded<T>) -> E): Flow<E> = flow {
        val run = join(currentCoroutineContext())
        try {
            emitAll(run.loaded.map { now -> now.cause?.let { throw it } ?: of(now) }.distinctUntilChanged())
        } finally {
            leave()
        }
    }

    /** Each run begins with nothing: its user may be another one than that of the run before. */
    private fun join(context: CoroutineContext): Run<T> = synchronized(lock) {
        if (collectors++ > 0) return run!!
        val before = run
        val loaded = MutableStateFlow(Loaded<T>(emptyList(), PagedStatus.LoadingFirstPage))
        val job = CoroutineScope(context[ContinuationInterceptor] ?: EmptyCoroutineContext).launch {
            before?.job?.join()
            follow(loaded)
        }
        Run(loaded, job).also { run = it }
    }

    private suspend fun follow(loaded: MutableStateFlow<Loaded<T>>) = try {
        pages.follow { items, status -> loaded.value = Loaded(items, status) }
    } catch (e: CancellationException) {
        throw e
    } catch (e: Throwable) {
        loaded.value = Loaded(emptyList(), PagedStatus.LoadingFirstPage, e) // for the collectors
    }

    private fun leave() = synchronized(lock) {
        if (--collectors == 0) run?.job?.cancel()
    }
}

/**
 * Follows a query that paginates, by pages of [pageSize] rows at first; what is inserted and deleted later changes their sizes.
 *
 *     val messages = convex.paginate(query<Page<Message>>("messages:page", mapOf("channel" to "general")), pageSize = 20)
 *
 * @param query without `paginationOpts` in its arguments
 */
public fun <T> Convex.paginate(query: Query<Page<T>>, pageSize: Int): PagedFlow<T> {
    require(pageSize > 0) { "pageSize: $pageSize is not positive" }
    require("paginationOpts" !in query.args) { "query: has paginationOpts of its own" }
    return PagedFlow(this, query, pageSize)
}
