package com.convexgateway.sample

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import com.convexgateway.sample.api.Messages

/** The app: the screen that [auth] selects. On Android [signIn] is Clerk's. */
@Composable
fun App(auth: AuthViewModel, messages: MessagesViewModel, signIn: @Composable () -> Unit) = Surface(Modifier.fillMaxSize()) {
    val screen by auth.screen.collectAsState() // on Android collectAsStateWithLifecycle, here and below
    when (screen) {
        Screen.LOADING -> Text("One moment…", Modifier.padding(16.dp))
        Screen.SIGN_IN -> signIn()
        Screen.MESSAGES -> MessagesScreen(messages, onSignOut = auth::signOut)
    }
}

/** The messages, and a field to write another one. */
@Composable
fun MessagesScreen(model: MessagesViewModel, onSignOut: () -> Unit, modifier: Modifier = Modifier) {
    val content by model.content.collectAsState()
    val notice by model.notice.collectAsState()
    Column(modifier.fillMaxSize().padding(16.dp)) {
        content.reader?.name?.let { Text("Signed in as $it", style = MaterialTheme.typography.titleSmall) }
        TextButton(onClick = onSignOut) { Text("Sign out") }
        LazyColumn(Modifier.weight(1f)) {
            items(content.messages, key = { it.id.value }) { MessageRow(it) }
        }
        notice?.let { Text(it, color = MaterialTheme.colorScheme.error) }
        Draft(onSend = model::send)
    }
}

@Composable
private fun MessageRow(message: Messages.ListItem) {
    Column(Modifier.fillMaxWidth().padding(vertical = 4.dp)) {
        Text(message.author, style = MaterialTheme.typography.labelMedium)
        Text(message.body)
    }
}

@Composable
private fun Draft(onSend: (String) -> Unit) {
    var draft by remember { mutableStateOf("") }
    Row(Modifier.fillMaxWidth()) {
        OutlinedTextField(draft, onValueChange = { draft = it }, Modifier.weight(1f), label = { Text("Message") })
        Button(onClick = { onSend(draft).also { draft = "" } }, Modifier.padding(start = 8.dp)) { Text("Send") }
    }
}
