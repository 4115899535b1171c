package com.convexgateway.clerk

/** State of the sign-in at Clerk. */
public sealed interface ClerkState {
    /** Not known yet: Clerk is still starting. */
    public data object Starting : ClerkState

    /** There is no session that gets tokens. */
    public data object SignedOut : ClerkState

    /** A user has an active session. */
    public data class SignedIn(val session: ClerkSession) : ClerkState

    public companion object {
        /** The state of an SDK that is [initialized] or not, with its [session], if it has one. */
        public fun of(initialized: Boolean, session: ClerkSession?): ClerkState = when {
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
 * @property lastToken the newest token of the session, or null; when it changes, there are new tokens
 */
public data class ClerkSession(
    val id: String,
    val status: Status,
    val organizationId: String? = null,
    val lastToken: String? = null,
) {
    /** Whether the session gets tokens. */
    public enum class Status {
        ACTIVE,

        /** Not until the user has done what Clerk asks for, for instance chosen an organization. */
        PENDING,

        /** No longer: ended, expired, removed, replaced, revoked or abandoned. */
        OVER,
    }

    /** Whether its tokens have the same user, session and organization. */
    public fun isSameAs(other: ClerkSession): Boolean = id == other.id && organizationId == other.organizationId

    /** Without the token, which is a secret. */
    override fun toString(): String = "ClerkSession(id=$id, status=$status, organizationId=$organizationId)"
}
