package com.convexgateway.client

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** What equal subscriptions have in common: the path, the canonical text of the arguments, and whether they run without the caller's identity. */
internal data class QueryKey(val path: String, val args: String, val isPage: Boolean, val isAnonymous: Boolean) {
    fun toQuery(): Query<JsonElement> = Query(path, Json.parseToJsonElement(args) as JsonObject, JsonElement.serializer(), isAnonymous)

    companion object {
        fun of(query: Query<*>) = QueryKey(query.path, query.args.canonical(), isPage(query.args), query.isAnonymous)

        /** Whether it is a page that is nobody else's: it has an id. */
        private fun isPage(args: JsonObject) = (args["paginationOpts"] as? JsonObject)?.containsKey("id") == true
    }
}

/** JSON text in which the fields of each object are in the order of their names, so that equal objects have equal texts. */
internal fun JsonElement.canonical(): String = sorted().toString()

private fun JsonElement.sorted(): JsonElement = when (this) {
    is JsonObject -> JsonObject(toSortedMap().mapValues { it.value.sorted() })
    is JsonArray -> JsonArray(map { it.sorted() })
    else -> this
}
