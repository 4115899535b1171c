package com.convexgateway.client

import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.AuthStateResponse.State
import com.convexgateway.v1.RefreshAuthResponse
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.flow

/** Tokens whose claims the client cannot read: only the gateway's identity tag shows whose they are. Here a token is `user:number`. */
class OpaqueTokensTest {
    /** Signs in with [token], and pushes others. */
    private class Pushing(@Volatile var token: String) : AuthProvider<String> {
        @Volatile
        var push: (String?) -> Unit = {}

        override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = loginFromCache(onIdToken)

        override suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<String> {
            push = onIdToken
            return Result.success(token)
        }

        override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
        override fun extractIdToken(authResult: String) = authResult
    }

    private val provider = Pushing("ada:1")
    private val refreshed = ConcurrentLinkedQueue<String>()

    @Volatile
    private var adopted = 0

    private fun tagOf(token: String) = token.substringBefore(':')

    private fun gateway() = ScriptedGateway().apply {
        authState = { token ->
            flow {
                emit(AuthStateResponse.newBuilder().setState(State.STATE_AUTHENTICATED).setIdentityTag(tagOf(token)).build())
                awaitCancellation()
            }
        }
        refreshAuth = { token ->
            refreshed += token
            RefreshAuthResponse.newBuilder().setIdentityTag(tagOf(token)).setAdoptedStreams(adopted).build()
        }
    }

    private fun session(client: ConvexClient) = client.callers.value as Session

    @Test
    fun `a token of the same identity extends the session`() = test {
        gateway().use { gateway ->
            ConvexGatewayClient(gateway.target, provider).use { client ->
                client.login(this)
                val session = session(client)
                provider.push("ada:2")
                eventually { session.token == "ada:2" }
                assertEquals(session, session(client))
                assertEquals(listOf("ada:2"), refreshed.toList())
            }
        }
    }

    @Test
    fun `a token of another identity that extends no stream ends the session, and begins its user's`() = test {
        gateway().use { gateway ->
            ConvexGatewayClient(gateway.target, provider).use { client ->
                client.login(this)
                val session = session(client)
                val states = client.authState.events(this)
                provider.token = "bob:1"
                provider.push("bob:1")
                states.until { it is AuthState.AuthLoading }
                val state = assertIs<AuthState.Authenticated<String>>(states.until { it is AuthState.Authenticated })
                assertEquals("bob:1", state.userInfo)
                assertEquals("bob:1", session(client).token)
                assertEquals("ada:1", session.token, "the session has taken another user's token")
            }
        }
    }

    @Test
    fun `a token of another identity is the session's if the gateway has extended its streams with it`() = test {
        adopted = 1 // the gateway compares users: the organisation is another one
        gateway().use { gateway ->
            ConvexGatewayClient(gateway.target, provider).use { client ->
                client.login(this)
                val session = session(client)
                provider.push("adaAtWork:1")
                eventually { session.token == "adaAtWork:1" }
                assertEquals(session, session(client))
            }
        }
    }

    @Test
    fun `where the gateway has no tags, its word counts`() = test {
        gateway().use { gateway ->
            gateway.refreshAuth = { RefreshAuthResponse.getDefaultInstance() }
            ConvexGatewayClient(gateway.target, provider).use { client ->
                client.login(this)
                val session = session(client)
                provider.push("ada:2")
                eventually { session.token == "ada:2" }
                assertEquals(session, session(client))
            }
        }
    }
}
