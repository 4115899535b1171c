package com.convexgateway.client

import java.util.concurrent.atomic.AtomicInteger
import kotlinx.serialization.json.JsonElement

/** Signs in users of the development issuer. The user, tokens and failures can be changed while it is in use. */
class DevProvider(private val dev: DevGateway, @Volatile var user: String) : AuthProvider<DevProvider.SignedIn> {
    data class SignedIn(val user: String, val token: String)

    @Volatile
    var ttl = "60s"

    /** Lifetime of the next token only, if set. */
    @Volatile
    var nextTtl: String? = null

    @Volatile
    var claims: Map<String, JsonElement> = emptyMap()

    /** Failure of sign-ins and requests for tokens; null: they succeed. */
    @Volatile
    var failure: Exception? = null

    /** The client's callback for pushed tokens. */
    @Volatile
    var push: (String?) -> Unit = {}

    /** How often a token was requested. */
    val asked = AtomicInteger()

    fun token() = dev.token(user, nextTtl ?: ttl, claims).also { nextTtl = null }

    override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = loginFromCache(onIdToken)

    override suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<SignedIn> {
        push = onIdToken
        asked.incrementAndGet()
        failure?.let { return Result.failure(it) }
        return Result.success(SignedIn(user, token()))
    }

    override suspend fun logout(context: Context): Result<Void?> = failure?.let { Result.failure(it) } ?: Result.success(null)

    override fun extractIdToken(authResult: SignedIn) = authResult.token
}
