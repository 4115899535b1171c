package com.convexgateway.clerk

/** What Clerk knows of its user. */
sealed interface ClerkState {
    /** Nothing yet: Clerk is still starting. */
    data object Starting : ClerkState

    /** Nobody has a session that is good for tokens. */
    data object SignedOut : ClerkState

    /** A user has an active session. */
    data class SignedIn(val session: ClerkSession) : ClerkState

    companion object {
        /** The state of an SDK that is [initialized] or not, and has that [session] or none. */
        fun of(initialized: Boolean, session: ClerkSession?): ClerkState = when {
            session?.status == ClerkSession.Status.ACTIVE -> SignedIn(session)
            session == null && !initialized -> Starting
            else -> SignedOut
        }
    }
}

/**
 * A session at Clerk.
 *
 * @property organizationId the organization that the user acts for, or null
 * @property lastToken the newest token that came with the session, or null; another one is a sign that there are fresh tokens
 */
data class ClerkSession(
    val id: String,
    val status: Status,
    val organizationId: String? = null,
    val lastToken: String? = null,
) {
    /** Whether the session gets tokens. */
    enum class Status {
        ACTIVE,

        /** Not before the user has done what Clerk asks for, for instance chosen an organization. */
        PENDING,

        /** No more: ended, expired, removed, replaced, revoked or abandoned. */
        OVER,
    }

    /** Whether its tokens are those of the same user, session and organization. */
    fun isSameAs(other: ClerkSession) = id == other.id && organizationId == other.organizationId

    /** Without the token, which is a secret. */
    override fun toString() = "ClerkSession(id=$id, status=$status, organizationId=$organizationId)"
}
