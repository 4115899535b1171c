package com.example.app

import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.client.AuthState
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.ConvexClient
import com.convexgateway.client.ConvexGatewayClient
import com.convexgateway.client.ConvexNum
import com.convexgateway.client.Int64
import com.convexgateway.client.TokenSupplier
import com.convexgateway.client.argsOf
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.serialization.Serializable

/** A result with a number that an app reads from its annotation. */
@Serializable
data class Row(val id: String, @ConvexNum val n: Int64)

/** The inline functions are the app's own code: a newer library's would not be compiled by an older compiler. */
class App(private val clerk: ClerkConvexClient) {
    private val client: ConvexClient =
        ConvexGatewayClient("https://gateway.example.com", TokenSupplier { null }, ClientOptions(app = "com.example.app/1"))

    val isSignedIn: Flow<Boolean> = clerk.convex.authState.map { it is AuthState.Authenticated }

    suspend fun add(n: Int): List<Row> {
        client.mutation("rows:add", argsOf("n" to n))
        return client.subscribe<List<Row>>("rows:recent").first().getOrThrow() + clerk.convex.query<List<Row>>("rows:recent")
    }
}
