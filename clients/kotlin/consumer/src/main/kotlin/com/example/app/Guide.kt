package com.example.app

import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.client.AuthState
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.ConvexClient
import com.convexgateway.client.ConvexClientWithAuth
import com.convexgateway.client.ConvexGatewayClient
import com.convexgateway.client.TokenSupplier
import com.convexgateway.client.argsOf
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map

/** A session of the app's own, whose tokens the gateway accepts. */
fun interface OwnSession {
    /** The user's token, or null if no user is signed in. */
    suspend fun jwt(force: Boolean): String?
}

/** A client without Clerk. */
fun clientOf(session: OwnSession): ConvexClientWithAuth<String> {
    val client = ConvexGatewayClient("https://gateway.example.com", auth = TokenSupplier { force -> session.jwt(force) })
    return client
}

/** Calls by name, as in Clerk's guide. */
class Guide(private val clerk: ClerkConvexClient) {
    private val client: ConvexClient =
        ConvexGatewayClient("https://gateway.example.com", TokenSupplier { null }, ClientOptions(app = "com.example.app/1"))

    val isSignedIn: Flow<Boolean> = clerk.convex.authState.map { it is AuthState.Authenticated }

    suspend fun add(n: Int): List<Message> {
        client.mutation("rows:add", argsOf("n" to n))
        return client.subscribe<List<Message>>("rows:recent").first().getOrThrow() + clerk.convex.query<List<Message>>("rows:recent")
    }
}
