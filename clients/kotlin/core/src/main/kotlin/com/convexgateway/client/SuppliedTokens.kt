package com.convexgateway.client

import java.io.IOException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay

/** An [AuthProvider] with the tokens of a [TokenSupplier]; the token describes the user. */
internal class SuppliedTokens(private val supplier: TokenSupplier) : AuthProvider<String> {
    private var last: String? = null

    override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = loginFromCache(onIdToken)

    override suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<String> {
        val token = try {
            supply()
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
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

    /** Returns another token than the last one. Waits for the network. */
    private suspend fun supply(): String? {
        val backoff = Backoff()
        while (true) {
            try {
                val token = supplier.token(forceRefresh = false)
                return if (token != null && token == last) supplier.token(forceRefresh = true) else token
            } catch (_: IOException) {
                delay(backoff.failed())
            }
        }
    }
}
