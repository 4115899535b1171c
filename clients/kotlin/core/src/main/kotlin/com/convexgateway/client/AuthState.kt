package com.convexgateway.client

/** Whether a user is signed in, according to the [AuthProvider] and the gateway. */
sealed class AuthState<T> {
    /** The gateway and the deployment have accepted the token of the user of [userInfo]. */
    data class Authenticated<T>(val userInfo: T) : AuthState<T>() {
        /** Leaves [userInfo] out, which may be the token. */
        override fun toString() = "Authenticated"
    }

    /** Nobody is signed in; calls are anonymous. */
    class Unauthenticated<T> : AuthState<T>() {
        override fun equals(other: Any?) = other is Unauthenticated<*>
        override fun hashCode() = 1
        override fun toString() = "Unauthenticated"
    }

    /** A sign-in is running. */
    class AuthLoading<T> : AuthState<T>() {
        override fun equals(other: Any?) = other is AuthLoading<*>
        override fun hashCode() = 2
        override fun toString() = "AuthLoading"
    }
}
