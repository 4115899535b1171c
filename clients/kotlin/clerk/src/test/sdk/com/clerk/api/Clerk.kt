/*
 * The part of Clerk's SDK for Android that the bridge uses, declared after clerk/clerk-android 1.1.3,
 * `source/api/src/main/kotlin/com/clerk/api/`, so that the bridge's source for Android is compiled and run in tests. The SDK
 * itself is not on Maven Central. Tests set what it returns.
 */
package com.clerk.api

import com.clerk.api.network.serialization.ClerkResult
import com.clerk.api.session.GetTokenOptions
import com.clerk.api.session.Session
import kotlinx.coroutines.flow.MutableStateFlow

object Clerk {
    val isInitialized = MutableStateFlow(false)
    val sessionFlow = MutableStateFlow<Session?>(null)
    val auth = Auth()
}

class ClerkErrorResponse

class Auth {
    @Volatile
    var tokens: suspend (GetTokenOptions) -> ClerkResult<String, ClerkErrorResponse> = { ClerkResult.Failure(null) }

    @Volatile
    var signingOut: () -> ClerkResult<Unit, ClerkErrorResponse> = { ClerkResult.Success(Unit) }

    suspend fun getToken(options: GetTokenOptions? = null) = tokens(options ?: GetTokenOptions())

    @Suppress("RedundantSuspendModifier")
    suspend fun signOut(sessionId: String? = null): ClerkResult<Unit, ClerkErrorResponse> {
        check(sessionId == null) { "all sessions, not $sessionId" }
        return signingOut()
    }
}
