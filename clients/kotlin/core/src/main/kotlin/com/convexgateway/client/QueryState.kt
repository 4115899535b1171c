package com.convexgateway.client

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** What a screen shows of a query. See [Convex.states]. */
public sealed interface QueryState<out T> {
    /** There is no result for the present caller yet. */
    public data object Loading : QueryState<Nothing>

    /**
     * A result.
     *
     * @property pending whether the value has writes of this client in it that the deployment has not confirmed: the update of a
     *   [Convex.mutate] has made it
     * @property cached whether the value was kept from an earlier stream, by [ClientOptions.cache], and the gateway has not confirmed it
     */
    public data class Data<out T>(val value: T, val pending: Boolean = false, val cached: Boolean = false) : QueryState<T>

    /**
     * The query, or the gateway, has failed; a result may follow.
     *
     * @property last the last result for the same caller, or null
     */
    public data class Failed<out T>(val error: ConvexException, val last: Data<T>? = null) : QueryState<T>
}

/** The states of results that are all of one caller. What is no [ConvexException] is thrown. */
internal fun <T> Flow<Result<T>>.states(): Flow<QueryState<T>> = flow {
    var last: QueryState.Data<T>? = null
    emit(QueryState.Loading)
    collect { result -> emit(stateOf(result, last).also { if (it is QueryState.Data) last = it }) }
}

internal fun <T> stateOf(result: Result<T>, last: QueryState.Data<T>?, cached: Boolean = false, pending: Boolean = false): QueryState<T> = result.fold(
    { QueryState.Data(it, pending, cached) },
    { QueryState.Failed(it as? ConvexException ?: throw it, last) },
)
