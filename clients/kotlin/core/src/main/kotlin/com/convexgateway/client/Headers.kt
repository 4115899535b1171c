package com.convexgateway.client

import io.grpc.Metadata
import io.grpc.Status
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeout

/** The metadata of calls: the credential, and what the app adds. */
internal class Headers(private val options: ClientOptions) {
    /**
     * The metadata of one call.
     *
     * @throws NotSentException if the app's headers cannot be had, or are none
     */
    suspend fun of(token: String?): Metadata {
        val metadata = Metadata()
        for ((name, value) in ofApp()) metadata.put(key(name), text(name, value))
        if (token != null) metadata.put(AUTHORIZATION, "Bearer $token")
        return metadata
    }

    private suspend fun ofApp(): Map<String, String> = try {
        withTimeout(TIMEOUT) { options.headers() }
    } catch (e: CancellationException) {
        currentCoroutineContext().ensureActive()
        throw bad("are not there within $TIMEOUT", e)
    } catch (e: Throwable) {
        throw bad("cannot be had: $e", e)
    }

    private fun key(name: String): Metadata.Key<String> {
        val lower = name.lowercase()
        if (lower in RESERVED || lower.startsWith("grpc-")) throw bad("cannot set $name")
        return try {
            Metadata.Key.of(lower, Metadata.ASCII_STRING_MARSHALLER)
        } catch (e: IllegalArgumentException) {
            throw bad("have a name that is none: $name", e)
        }
    }

    private fun text(name: String, value: String): String {
        if (!value.all { it in ' '..'~' }) throw bad("have a value of $name that is not printable ASCII")
        return value
    }

    private fun bad(what: String, cause: Throwable? = null) =
        NotSentException(Status.FAILED_PRECONDITION.withDescription("the app's headers $what").withCause(cause))

    private companion object {
        val TIMEOUT = 10.seconds
        val RESERVED = setOf("authorization", "user-agent", "content-type", "te", "host", "connection")
        val AUTHORIZATION: Metadata.Key<String> = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)
    }
}
