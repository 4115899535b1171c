package com.convexgateway.clerk

/** Why Clerk's session does not sign a user in at Convex. */
public sealed class ClerkConvexAuthError(message: String) : Exception(message) {
    /** Nobody is signed in at Clerk, or the session is pending. */
    public class NoActiveSession : ClerkConvexAuthError("Clerk has no active session")
}
