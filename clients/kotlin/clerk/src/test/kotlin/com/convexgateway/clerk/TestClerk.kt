package com.convexgateway.clerk

import com.convexgateway.client.DevGateway
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * A Clerk in memory whose sessions and tokens are the test's to decide. As with the real one, a token is of the present
 * session and organization, comes from a cache unless that is to be skipped, and cannot be had offline.
 */
class TestClerk(private val mint: (ClerkSession) -> String) : ClerkSessions {
    private val states = MutableStateFlow<ClerkState>(ClerkState.Starting)
    private val cache = ConcurrentHashMap<Pair<String, String?>, String>()

    override val state get() = states.value
    override val changes get() = states

    /** How many follow the state. */
    val followers get() = states.subscriptionCount

    @Volatile
    var offline = false

    /** How often a token was asked for, and how often a new one. */
    val asked = AtomicInteger()
    val askedForNew = AtomicInteger()

    /** What the end of a session fails with. */
    @Volatile
    var trouble: Exception? = null

    /** Clerk has started, and nobody is signed in; or somebody was, and is no longer. */
    fun nobody() = show(null)

    /** Clerk forgets everything, and has to start again. */
    fun reset() {
        states.value = ClerkState.Starting
    }

    /** There is that session, at least, by now. */
    fun session(id: String, organization: String? = null, status: ClerkSession.Status = ClerkSession.Status.ACTIVE) =
        show(ClerkSession(id, status, organization))

    /** Clerk gets a new token on its own account. */
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
        trouble?.let { return Result.failure(it) }
        nobody()
        return Result.success(Unit)
    }

    private fun show(session: ClerkSession?) {
        states.value = ClerkState.of(initialized = true, session)
    }

    private fun newToken(session: ClerkSession) = mint(session).also { cache[session.id to session.organizationId] = it }

    companion object {
        /** A Clerk whose tokens the gateway takes. Sessions are named after their users. */
        fun of(dev: DevGateway, ttl: () -> String = { "60s" }) = TestClerk { session ->
            val organization = session.organizationId?.let { JsonObject(mapOf("id" to JsonPrimitive(it), "rol" to JsonPrimitive("admin"))) }
            dev.token(session.id, ttl(), if (organization == null) emptyMap() else mapOf("o" to organization))
        }
    }
}
