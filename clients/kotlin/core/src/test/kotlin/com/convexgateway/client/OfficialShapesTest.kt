package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.stateIn
import kotlinx.serialization.Serializable

/**
 * Code of apps that use the official client (get-convex/convex-mobile, `ConvexClient.kt`, `errors.kt`, `jsonhelpers.kt`): every
 * public declaration of it is used here, with the types that apps rely on.
 */
class OfficialShapesTest {
    private val dev = DevGateway.shared

    @Serializable
    data class Score(
        val player: String,
        val points: Int64,
        @ConvexNum val rank: Int,
        val ratio: Float64,
        val a: Int32,
        val b: Float32,
    )

    @Test
    fun `the plain client`() = test {
        val convex: ConvexClient = ConvexClient(dev.target)
        val score = mapOf("player" to "ada", "points" to 7L, "rank" to 1, "ratio" to 0.5, "a" to 2, "b" to 1.5f)
        val scores: Flow<Result<Score>> = convex.subscribe<Score>(name = "values:echo", args = mapOf("value" to score))
        scores.first().onSuccess { assertEquals(Score("ada", 7, 1, 0.5, 2, 1.5f), it) }.onFailure { throw it }
        convex.subscribe<List<Message>>("messages:list").first().getOrThrow()
        val id: String = convex.mutation<String>(name = "messages:send", args = mapOf("body" to "with a result"))
        assertTrue(id.isNotEmpty())
        convex.mutation("messages:send", args = mapOf("body" to "without a result"))
        val slept: Double = convex.action<Double>("actions:sleep", mapOf("ms" to 1.0))
        assertEquals(1.0, slept)
        convex.action("actions:sleep", mapOf("ms" to 1.0))
        val state: StateFlow<WebSocketState> = convex.webSocketStateFlow
        assertEquals(WebSocketState.CONNECTED, state.first { it != WebSocketState.CONNECTING })
        convex.close()
    }

    @Test
    fun `errors`() = test {
        ConvexClient(dev.target).use { convex ->
            val message = try {
                convex.mutation("messages:send", mapOf("body" to ""))
                "none"
            } catch (e: ConvexError) {
                e.data
            } catch (e: ServerError) {
                e.message
            } catch (e: InternalError) {
                e.message
            }
            assertTrue("INVALID_ARGUMENT" in message!!)
        }
        assertEquals("d", ConvexError("m", "d").data)
        assertEquals("m", ServerError("m", null).message)
        assertEquals("m", InternalError("m", null).message)
    }

    @Test
    fun `the client with a provider`() = test {
        val scope = CoroutineScope(SupervisorJob())
        val provider: AuthProvider<DevProvider.SignedIn> = DevProvider(dev, "shapes")
        val convex: ConvexClientWithAuth<DevProvider.SignedIn> = ConvexClientWithAuth(dev.target, provider, scope)
        val states: StateFlow<AuthState<DevProvider.SignedIn>> = convex.authState
        val screen = { state: AuthState<DevProvider.SignedIn> ->
            when (state) {
                is AuthState.AuthLoading -> "loading"
                is AuthState.Unauthenticated -> "sign in"
                is AuthState.Authenticated -> state.userInfo.user
            }
        }
        assertEquals("sign in", screen(states.value))
        val signedIn: Result<DevProvider.SignedIn> = convex.login("an activity")
        assertEquals("shapes", signedIn.getOrThrow().user)
        assertEquals("shapes", screen(states.value))
        assertEquals("shapes", convex.loginFromCache().getOrThrow().user)
        val signedOut: Result<Void?> = convex.logout("an activity")
        assertTrue(signedOut.isSuccess)
        assertEquals("sign in", screen(states.value))
        assertEquals("loading", screen(AuthState.AuthLoading()))
        convex.close()
        scope.cancel()
    }

    @Test
    fun `a view model's flows`() = test {
        val scope = CoroutineScope(SupervisorJob())
        ConvexClientWithAuth(dev.target, DevProvider(dev, "flows")).use { client ->
            val convex = ConvexFlows(client)
            val channel = TestChannel(client)
            val messages: StateFlow<List<Message>> = convex
                .subscribe<List<Message>>("messages:list", mapOf("channel" to channel.name))
                .catch { emit(emptyList()) }
                .stateIn(scope, SharingStarted.WhileSubscribed(5_000), emptyList())
            channel.send("hello")
            assertEquals("hello", messages.first { it.isNotEmpty() }.single().body)
            val failing: StateFlow<List<Message>> = convex.subscribe<List<Message>>("errors:crash")
                .catch { emit(listOf(Message("", "", it.message!!))) }
                .stateIn(scope, SharingStarted.Eagerly, emptyList())
            assertTrue("boom" in failing.first { it.isNotEmpty() }.single().body)
            assertIs<AuthState.Unauthenticated<*>>(convex.authState.value)
            assertEquals(2.0, convex.action<Double>("actions:sleep", mapOf("ms" to 2.0)))
            assertEquals(emptyList(), convex.query<List<Message>>("messages:list", mapOf("channel" to "none")))
            convex.mutation("messages:send", mapOf("body" to "more", "channel" to channel.name))
            assertEquals(2L, convex.mutation<Long>("messages:clear", mapOf("channel" to channel.name)))
        }
        scope.cancel()
    }
}
