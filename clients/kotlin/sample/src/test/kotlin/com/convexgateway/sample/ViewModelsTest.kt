package com.convexgateway.sample

import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.clerk.ClerkSession
import com.convexgateway.clerk.ClerkState
import com.convexgateway.clerk.TestClerk
import com.convexgateway.client.DevGateway
import com.convexgateway.client.GatewayProcess
import com.convexgateway.client.test
import java.util.UUID
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

/** The two screens' view models at a real gateway. */
class ViewModelsTest {
    private val dev = DevGateway.shared
    private val user = "ada" + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }
    private val clerk = TestClerk.of(dev)
    private val client = ClerkConvexClient(deploymentUrl = dev.target, context = this, clerk)
    private val auth = AuthViewModel(client)
    private val messages = MessagesViewModel(client)

    @AfterTest
    fun close() {
        messages.close()
        auth.close()
        client.close()
    }

    private fun body() = "hello ${UUID.randomUUID()}"

    @Test
    fun `the screen follows Clerk's session`() = test {
        assertEquals(Screen.LOADING, auth.screen.value)
        clerk.nobody()
        auth.screen.first { it == Screen.SIGN_IN }
        clerk.session(user)
        auth.screen.first { it == Screen.MESSAGES }
        clerk.session(user, status = ClerkSession.Status.PENDING)
        auth.screen.first { it == Screen.SIGN_IN }
    }

    @Test
    fun `signing out ends Clerk's session`() = test {
        clerk.session(user)
        auth.screen.first { it == Screen.MESSAGES }
        auth.signOut()
        auth.screen.first { it == Screen.SIGN_IN }
        assertEquals(ClerkState.SignedOut, clerk.state)
    }

    @Test
    fun `a sent message is listed, with the user's name`() = test {
        clerk.session(user)
        val body = body()
        messages.send(body)
        val shown = messages.content.first { now -> now.messages.any { it.body == body } && now.reader != null }
        assertEquals(user, shown.reader?.name)
        assertEquals(user, shown.messages.single { it.body == body }.author)
        assertNull(messages.notice.value)
    }

    @Test
    fun `messages of others are listed while the list is collected`() = test {
        clerk.session(user)
        val looking = launch { messages.content.collect {} }
        val other = MessagesViewModel(client)
        val bodies = List(3) { body() }
        for (body in bodies) {
            other.send(body)
            messages.content.first { now -> now.messages.any { it.body == body } }
        }
        assertEquals(bodies, messages.content.value.messages.map { it.body }.filter { it in bodies })
        looking.cancel()
        other.close()
    }

    @Test
    fun `an error of the function is a notice until a message is sent`() = test {
        clerk.session(user)
        messages.send("")
        assertEquals("body must not be empty", messages.notice.first { it != null })
        messages.send(body())
        messages.notice.first { it == null }
    }

    @Test
    fun `a list that cannot be read is empty, with a notice`() = test {
        clerk.nobody()
        val strict = GatewayProcess.start(
            "serve", "--convex-url", dev.deployment, "--clerk-issuer", "${dev.deployment}/clerk", "--require-auth",
            "--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0", ready = "gRPC",
        ).first
        strict.use {
            ClerkConvexClient(deploymentUrl = strict.target, context = this, clerk).use { client ->
                MessagesViewModel(client).use { model ->
                    val looking = launch { model.content.collect {} }
                    model.notice.first { it != null }
                    assertEquals(emptyList(), model.content.value.messages)
                    looking.cancel()
                }
            }
        }
    }
}
