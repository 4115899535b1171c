package com.convexgateway.client

import java.util.concurrent.atomic.AtomicInteger
import kotlinx.serialization.json.JsonElement

/** Signs users of the development issuer in. Who that is, and how it goes, can be changed while it is in use. */
class DevProvider(private val dev: DevGateway, @Volatile var user: String) : AuthProvider<DevProvider.SignedIn> {
    data class SignedIn(val user: String, val token: String)

    @Volatile
    var ttl = "60s"

    /** The life of the next token alone, if set. */
    @Volatile
    var nextTtl: String? = null

    @Volatile
    var claims: Map<String, JsonElement> = emptyMap()

    /** What sign-ins and requests for tokens fail with. */
    @Volatile
    var trouble: Exception? = null

    /** Called with each fresh token, as apps hear of them. */
    @Volatile
    var push: (String?) -> Unit = {}

    /** How often a token was asked for. */
    val asked = AtomicInteger()

    fun token() = dev.token(user, nextTtl ?: ttl, claims).also { nextTtl = null }

    override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = loginFromCache(onIdToken)

    override suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<SignedIn> {
        push = onIdToken
        asked.incrementAndGet()
        trouble?.let { return Result.failure(it) }
        return Result.success(SignedIn(user, token()))
    }

    override suspend fun logout(context: Context): Result<Void?> = trouble?.let { Result.failure(it) } ?: Result.success(null)

    override fun extractIdToken(authResult: SignedIn) = authResult.token
}
