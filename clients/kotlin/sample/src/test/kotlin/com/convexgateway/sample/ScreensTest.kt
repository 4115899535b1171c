package com.convexgateway.sample

import androidx.compose.material3.Text
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SkikoComposeUiTest
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.runSkikoComposeUiTest
import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.clerk.TestClerk
import com.convexgateway.client.DevGateway
import java.util.UUID
import kotlin.test.AfterTest
import kotlin.test.Test

/** The two screens, drawn and used, at a real gateway. */
@OptIn(ExperimentalTestApi::class)
class ScreensTest {
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

    private fun SkikoComposeUiTest.shows(text: String) {
        waitUntil(timeoutMillis = 30_000) { onAllNodes(hasText(text)).fetchSemanticsNodes().isNotEmpty() }
    }

    @Test
    fun `signing in, sending a message and a refused one, signing out`() = runSkikoComposeUiTest {
        setContent { App(auth, messages) { Text("Who are you?") } }
        shows("One moment…")
        clerk.nobody()
        shows("Who are you?")
        clerk.session(user)
        shows("Send")
        val body = "hello ${UUID.randomUUID()}"
        onNodeWithText("Message").performTextInput(body)
        onNodeWithText("Send").performClick()
        shows(user)
        shows(body)
        onNodeWithText("Send").performClick()
        shows("body must not be empty")
        onNodeWithText("Sign out").performClick()
        shows("Who are you?")
    }
}
