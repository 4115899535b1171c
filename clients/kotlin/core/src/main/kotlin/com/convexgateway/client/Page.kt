package com.convexgateway.client

import kotlinx.serialization.Serializable

/**
 * What a query that paginates returns: `await ctx.db.query(…).paginate(paginationOpts)`. Apps take the lists of [Convex.paginate].
 *
 * @property page the rows
 * @property isDone whether there are none behind them
 * @property continueCursor where the next page begins
 * @property splitCursor where the page could be divided, or null
 * @property pageStatus `SplitRecommended` or `SplitRequired` if Convex asks for that, or null; with the latter rows may be missing
 */
@Serializable
public data class Page<out T>(
    val page: List<T>,
    val isDone: Boolean,
    val continueCursor: String,
    val splitCursor: String? = null,
    val pageStatus: String? = null,
)
