package com.convexgateway.sample

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.runSkikoComposeUiTest
import com.convexgateway.client.ConvexException
import com.convexgateway.client.mutation
import com.convexgateway.testing.FakeConvex
import kotlin.test.Test
import kotlin.test.assertEquals

/** The screen without a gateway. */
@OptIn(ExperimentalTestApi::class)
class FirstScreenTest {
    @Test
    fun `a message that is sent is shown`() = runSkikoComposeUiTest {
        var rows = listOf(Message("1", "ada", "first"))
        val convex = FakeConvex().query("messages:list") { rows }.mutation("messages:send") {
            rows = rows + Message("2", "ben", "hello")
        }
        setContent { FirstScreen(convex) }
        waitUntil(timeoutMillis = 30_000) { onAllNodes(hasText("ada: first")).fetchSemanticsNodes().isNotEmpty() }
        onNodeWithText("Send").performClick()
        waitUntil(timeoutMillis = 30_000) { onAllNodes(hasText("ben: hello")).fetchSemanticsNodes().isNotEmpty() }
        convex.mutation("messages:send") { throw ConvexException.NotSent("offline", "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED") }
        onNodeWithText("Send").performClick()
        waitForIdle()
        assertEquals(2, convex.calls.count { it == mutation("messages:send", mapOf("body" to "hello")) })
    }
}
