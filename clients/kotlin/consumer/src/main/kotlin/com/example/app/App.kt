package com.example.app

import android.app.Application
import com.convexgateway.android.AndroidConvex
import com.convexgateway.client.Connection
import com.convexgateway.client.Convex
import com.convexgateway.client.ConvexError
import com.convexgateway.client.ConvexException
import com.convexgateway.client.ConvexNum
import com.convexgateway.client.Int64
import com.convexgateway.client.argsOf
import com.convexgateway.client.mutation
import com.convexgateway.client.query
import com.convexgateway.client.values
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.serialization.Serializable

/** The process; the client lives as long. */
class App : Application() {
    lateinit var convex: Convex
        private set

    override fun onCreate() {
        super.onCreate()
        convex = AndroidConvex("https://gateway.example.com", this)
    }
}

/** A row of `messages:list`. */
@Serializable
data class Message(val id: String, val author: String, val body: String)

/** Arguments of `messages:send`. */
@Serializable
data class NewMessage(val body: String, val channel: String, val author: String? = null)

/** The data of the sample app's errors. */
@Serializable
data class Refusal(val code: String, val message: String)

/** A result with numbers that Convex encodes. */
@Serializable
data class Score(val points: Int64, @ConvexNum val rank: Int)

/** A screen's model: it takes the interface, so that a test can give it another client. */
class MessagesModel(private val convex: Convex, private val channel: String, scope: CoroutineScope) {
    val messages: StateFlow<List<Message>> = convex
        .subscribe(query<List<Message>>("messages:list", mapOf("channel" to channel)))
        .values()
        .catch { emit(emptyList()) }
        .stateIn(scope, SharingStarted.WhileSubscribed(5_000), emptyList())

    val isOffline: Flow<Boolean> = convex.connection.map { it.state == Connection.State.WAITING }

    /** Returns what to show to the user; null if the message was sent. */
    suspend fun send(body: String): String? = try {
        convex.mutate(mutation<String>("messages:send", argsOf(NewMessage(body, channel))))
        null
    } catch (e: ConvexError) {
        e.dataAs<Refusal>().message
    } catch (e: ConvexException.OutcomeUnknown) {
        "Look whether it was sent"
    } catch (e: ConvexException) {
        "Try again"
    }
}

/** The best score, if there is one. */
suspend fun Convex.best(): Score? = query<Score?>("scores:best")
