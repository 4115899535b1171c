package com.convexgateway.client

import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.KSerializer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull

/** A result that is loaded, which may be null. */
public class Loaded<out T>(public val value: T)

/**
 * The results of the queries that a client follows, for the update of a mutation. See [Convex.mutate].
 *
 * What is read of it are copies; to show another result, an update has to return it. It is used during one run of an update only. What
 * reads and changes the same query has to do so by [update], which is given the result.
 *
 * The types of changed queries need serializers that encode, too: what [query] makes has them.
 *
 * @param queries that can be changed
 * @param read returns the result of a query as it is shown now, or null if there is none
 * @param write shows another result
 */
public class OptimisticStore(
    private val queries: Collection<Query<*>>,
    private val read: (Query<*>) -> JsonElement?,
    private val write: (Query<*>, JsonElement) -> Unit,
    private val json: Json? = null,
) {
    /** The result of a query; null if it is not loaded. */
    public operator fun <T> get(query: Query<T>): Loaded<T>? = read(query)?.let { Loaded(it.toString().readAs(query.type, json)) }

    /** Changes the result of a query, if it is loaded. */
    public fun <T> update(query: Query<T>, change: (T) -> T) {
        if (query in queries) change(query, query.type, change)
    }

    /** Inserts a row before all others of a list that is followed by pages, if its first page is loaded. See [Convex.paginate]. */
    public fun <T> insertFirst(list: Query<Page<T>>, row: T): Unit = pages(list).forEach { page ->
        if (page.cursor == null) change(page.query, list.type) { it: Page<T> -> it.copy(page = listOf(row) + it.page) }
    }

    /** Inserts a row behind all others of a list that is followed by pages, if its last page is loaded. */
    public fun <T> insertLast(list: Query<Page<T>>, row: T): Unit = pages(list).forEach { page ->
        change(page.query, list.type) { it: Page<T> -> if (it.isDone) it.copy(page = it.page + row) else it }
    }

    /** Replaces rows on all loaded pages of a list; [change] returns other rows as they are. */
    public fun <T> replace(list: Query<Page<T>>, change: (T) -> T): Unit = pages(list).forEach { page ->
        change(page.query, list.type) { it: Page<T> -> it.copy(page = it.page.map(change)) }
    }

    /** Removes rows from all loaded pages of a list. */
    public fun <T> remove(list: Query<Page<T>>, matches: (T) -> Boolean): Unit = pages(list).forEach { page ->
        change(page.query, list.type) { it: Page<T> -> it.copy(page = it.page.filterNot(matches)) }
    }

    private fun <T> change(query: Query<*>, type: DeserializationStrategy<T>, change: (T) -> T) {
        val before = read(query)?.toString() ?: return
        val after = change(before.readAs(type, json))
        if (after == before.readAs(type, json)) return // compared with a copy: the update may have changed what it was given
        val encoder = requireNotNull(type as? KSerializer<T>) { "the type of ${query.path} cannot be encoded" }
        write(query, ConvexJson.encode(after, encoder))
    }

    private class PageOf(val query: Query<*>, val cursor: String?)

    private fun pages(list: Query<*>): List<PageOf> = queries.mapNotNull { query ->
        val options = query.args[OPTIONS] as? JsonObject ?: return@mapNotNull null
        if (query.path != list.path || query.args - OPTIONS != list.args - OPTIONS) return@mapNotNull null
        PageOf(query, (options["cursor"] ?: JsonNull).let { (it as? JsonPrimitive)?.contentOrNull })
    }
}

private const val OPTIONS = "paginationOpts"
