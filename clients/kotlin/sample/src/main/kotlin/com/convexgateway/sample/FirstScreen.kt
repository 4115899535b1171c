package com.convexgateway.sample

import androidx.compose.foundation.layout.Column
import androidx.compose.material3.Button
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import com.convexgateway.client.Convex
import com.convexgateway.client.ConvexException
import com.convexgateway.client.QueryState
import com.convexgateway.client.mutation
import com.convexgateway.client.states
import kotlinx.coroutines.launch

/** The smallest screen: messages as they are written, and a button that writes one. */
@Composable
fun FirstScreen(convex: Convex) {
    val scope = rememberCoroutineScope()
    val messages by remember(convex) { convex.states<List<Message>>("messages:list") }.collectAsState(QueryState.Loading)
    Column {
        when (val state = messages) {
            QueryState.Loading -> Text("One moment…")
            is QueryState.Data -> for (message in state.value) Text("${message.author}: ${message.body}")
            is QueryState.Failed -> Text("${state.error.message}")
        }
        Button(
            onClick = {
                scope.launch {
                    try {
                        convex.mutation("messages:send", mapOf("body" to "hello"))
                    } catch (_: ConvexException) {
                        // an app shows it
                    }
                }
            },
        ) { Text("Send") }
    }
}
