package com.convexgateway.clerk

import com.convexgateway.client.ClientOptions
import com.convexgateway.client.Context
import com.convexgateway.client.ConvexClientWithAuth
import com.convexgateway.client.ConvexFlows
import java.io.Closeable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow

/**
 * A client that follows Clerk's session, with subscriptions that are plain flows of values.
 *
 * @param deploymentUrl of the gateway in front of the deployment
 * @param networks emits when the device has a network, or another one
 */
class ClerkConvexClient(
    deploymentUrl: String,
    context: Context,
    clerk: ClerkSessions,
    networks: Flow<Any?> = emptyFlow(),
    options: ClientOptions = ClientOptions(),
) : Closeable {
    private val provider = ClerkConvexAuthProvider(clerk, networks)

    /** Queries, mutations, actions, subscriptions, and who is signed in. */
    val convex: ConvexFlows<String> = ConvexFlows(provider.createConvexClientWithAuth(deploymentUrl, context, options))

    /** Ends all subscriptions and calls, and closes the connection. Clerk's session goes on. */
    override fun close() {
        provider.close()
        convex.client.close()
    }
}

/** As [ClerkConvexClient], but the official client's shape: its subscriptions are flows of results. */
fun createClerkConvexClient(
    deploymentUrl: String,
    context: Context,
    clerk: ClerkSessions,
    networks: Flow<Any?> = emptyFlow(),
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> =
    ClerkConvexAuthProvider(clerk, networks).createConvexClientWithAuth(deploymentUrl, context, options)

/** A client that follows the session at Clerk of this provider, which serves one client. */
fun ClerkConvexAuthProvider.createConvexClientWithAuth(
    deploymentUrl: String,
    context: Context,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> = ConvexClientWithAuth(deploymentUrl, this, options = options).also { bind(it, context) }
