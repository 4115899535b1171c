package com.convexgateway.client

/** Whether a user is signed in, according to the [AuthProvider] and the gateway. */
public sealed class AuthState<T> {
    /** The gateway and the deployment have accepted the token of the user of [userInfo]. */
    public data class Authenticated<T>(val userInfo: T) : AuthState<T>() {
        /** Leaves [userInfo] out, which may be the token. */
        override fun toString(): String = "Authenticated"
    }

    /** Nobody is signed in; calls are anonymous. */
    public class Unauthenticated<T> : AuthState<T>() {
        override fun equals(other: Any?): Boolean = other is Unauthenticated<*>
        override fun hashCode(): Int = 1
        override fun toString(): String = "Unauthenticated"
    }

    /** A sign-in is running. */
    public class AuthLoading<T> : AuthState<T>() {
        override fun equals(other: Any?): Boolean = other is AuthLoading<*>
        override fun hashCode(): Int = 2
        override fun toString(): String = "AuthLoading"
    }
}
