@file:Suppress("PackageDirectoryMismatch")

package com.clerk.api.network.serialization

sealed interface ClerkResult<out T : Any, out E : Any> {
    class Success<out T : Any>(val value: T) : ClerkResult<T, Nothing>

    class Failure<out E : Any>(val error: E?, val throwable: Throwable? = null) : ClerkResult<Nothing, E>
}
