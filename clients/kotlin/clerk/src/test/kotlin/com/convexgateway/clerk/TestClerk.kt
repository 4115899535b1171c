package com.convexgateway.clerk

import com.convexgateway.client.DevGateway
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Clerk in memory, whose sessions and tokens are set by the test. As with the real one, a token has the current session and
 * organization, comes from a cache unless that is skipped, and is not available offline.
 */
class TestClerk(private val mint: (ClerkSession) -> String) : ClerkSessions {
    private val states = MutableStateFlow<ClerkState>(ClerkState.Starting)
    private val cache = ConcurrentHashMap<Pair<String, String?>, String>()

    override val state get() = states.value
    override val changes get() = states

    /** Number of collectors of the state. */
    val followers get() = states.subscriptionCount

    @Volatile
    var offline = false

    /** How often a token was asked for, and how often a new one. */
    val asked = AtomicInteger()
    val askedForNew = AtomicInteger()

    /** The failure of [signOut]; null: it succeeds. */
    @Volatile
    var failure: Exception? = null

    /** Clerk has started, and no user is signed in. */
    fun nobody() = show(null)

    /** Clerk restarts. */
    fun reset() {
        states.value = ClerkState.Starting
    }

    /** Clerk has started, and has that session. */
    fun session(id: String, organization: String? = null, status: ClerkSession.Status = ClerkSession.Status.ACTIVE) =
        show(ClerkSession(id, status, organization))

    /** Clerk gets a new token by itself. */
    fun refresh() {
        val session = (state as ClerkState.SignedIn).session
        show(session.copy(lastToken = newToken(session)))
    }

    override suspend fun token(skipCache: Boolean): String? {
        asked.incrementAndGet()
        if (skipCache) askedForNew.incrementAndGet()
        val session = (state as? ClerkState.SignedIn)?.session ?: return null
        val cached = if (skipCache) null else cache[session.id to session.organizationId]
        return cached ?: if (offline) null else newToken(session)
    }

    override suspend fun signOut(): Result<Unit> {
        failure?.let { return Result.failure(it) }
        nobody()
        return Result.success(Unit)
    }

    private fun show(session: ClerkSession?) {
        states.value = ClerkState.of(initialized = true, session)
    }

    private fun newToken(session: ClerkSession) = mint(session).also { cache[session.id to session.organizationId] = it }

    companion object {
        /** A Clerk whose tokens the gateway accepts. Sessions are named after their users. */
        fun of(dev: DevGateway, ttl: () -> String = { "60s" }) = TestClerk { session ->
            val organization = session.organizationId?.let { JsonObject(mapOf("id" to JsonPrimitive(it), "rol" to JsonPrimitive("admin"))) }
            dev.token(session.id, ttl(), if (organization == null) emptyMap() else mapOf("o" to organization))
        }
    }
}
