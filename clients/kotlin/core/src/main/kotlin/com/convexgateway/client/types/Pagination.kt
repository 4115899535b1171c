package com.convexgateway.client.types

import com.convexgateway.client.Page
import com.convexgateway.client.Query
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** A query that paginates, without its `paginationOpts`, for `paginate`. */
public typealias PagedQuery<T> = Query<Page<T>>

/**
 * Which page of a query that paginates is asked for. `paginate` makes these; fakes read them.
 *
 * @property numItems how many rows, about
 * @property cursor where the page begins; null: with the first row
 * @property endCursor where it ends; null: after [numItems] rows
 */
public data class PaginationOptions(
    public val numItems: Double,
    public val cursor: String? = null,
    public val endCursor: String? = null,
) {
    /** Reads and writes them. */
    public object Type : ObjectType<PaginationOptions>("PaginationOptions") {
        override fun read(from: ObjectReader): PaginationOptions = PaginationOptions(
            from.required("numItems", Types.number),
            from.required("cursor", Types.nullable(Types.string)),
            from.field("endCursor", Types.nullable(Types.string)).orNull(),
        )

        override fun write(value: PaginationOptions, to: ObjectWriter) {
            to.required("numItems", value.numItems, Types.number)
            to.required("cursor", value.cursor, Types.nullable(Types.string))
            to.optional("endCursor", value.endCursor, Types.string)
        }
    }
}

/** Reads and writes a page of rows. */
internal class PageType<T>(row: ConvexType<T>) : ObjectType<Page<T>>("Page") {
    private val rows = Types.list(row)
    private val nullable = Types.nullable(Types.string)

    override fun read(from: ObjectReader) = Page(
        from.required("page", rows),
        from.required("isDone", Types.boolean),
        from.required("continueCursor", Types.string),
        from.field("splitCursor", nullable).orNull(),
        from.field("pageStatus", nullable).orNull(),
    )

    override fun write(value: Page<T>, to: ObjectWriter) {
        to.required("page", value.page, rows)
        to.required("isDone", value.isDone, Types.boolean)
        to.required("continueCursor", value.continueCursor, Types.string)
        to.optional("splitCursor", value.splitCursor, Types.string)
        to.optional("pageStatus", value.pageStatus, Types.string)
    }
}

/** The arguments of a function that has none. */
internal object NoArguments : ConvexType<Unit>("NoArguments") {
    private val none = JsonObject(emptyMap())

    override fun read(json: JsonElement) {
        json.asObject()
    }

    override fun write(value: Unit): JsonElement = none
}
