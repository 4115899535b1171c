package com.convexgateway.client

import java.io.IOException
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull

/** An [AuthProvider] with the tokens of a [TokenSupplier]; the token describes the user. */
internal class SuppliedTokens(private val supplier: TokenSupplier) : AuthProvider<String> {
    @Volatile
    private var last: String? = null

    override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = loginFromCache(onIdToken)

    /** Waits for the network, and for a supplier that does not answer. */
    override suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<String> {
        val backoff = Backoff()
        while (true) {
            val answer = withTimeoutOrNull(TIMEOUT) { renew(onIdToken) }
            if (answer != null && answer.exceptionOrNull() !is IOException) return answer
            delay(backoff.failed())
        }
    }

    /** Another token than the last one. A failure is what the supplier has thrown, whatever that is. */
    suspend fun renew(onIdToken: (String?) -> Unit): Result<String> {
        val token = try {
            supply()
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive() // else the supplier's own coroutine was cancelled
            return Result.failure(e)
        }
        last = token
        if (token == null) onIdToken(null)
        return if (token != null) Result.success(token) else Result.failure(IllegalStateException("nobody is signed in"))
    }

    override suspend fun logout(context: Context): Result<Void?> {
        last = null
        return Result.success(null)
    }

    override fun extractIdToken(authResult: String) = authResult

    private suspend fun supply(): String? {
        val token = supplier.token(forceRefresh = false)
        return if (token != null && token == last) supplier.token(forceRefresh = true) else token
    }

    private companion object {
        val TIMEOUT = 30.seconds
    }
}
