package com.convexgateway.clerk

import com.convexgateway.client.ClientOptions
import com.convexgateway.client.Context
import com.convexgateway.client.ConvexClientWithAuth
import com.convexgateway.client.ConvexFlows
import java.io.Closeable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow

/**
 * A client that follows Clerk's session, with subscriptions that are plain flows of values.
 *
 * @param deploymentUrl of the gateway in front of the deployment
 * @param networks emits when the device has a network, or another one
 * @param foreground emits whether the app is in the foreground; the client is paused while it is not
 */
public class ClerkConvexClient(
    deploymentUrl: String,
    context: Context,
    clerk: ClerkSessions,
    networks: Flow<Any?> = emptyFlow(),
    options: ClientOptions = ClientOptions(),
    foreground: Flow<Boolean> = emptyFlow(),
) : Closeable {
    /** Queries, mutations, actions, subscriptions, and the state of the sign-in. */
    public val convex: ConvexFlows<String> =
        ConvexFlows(createClerkConvexClient(deploymentUrl, context, clerk, networks, options, foreground))

    /** Ends all subscriptions and calls, and closes the connection. Clerk's session is not ended. */
    override fun close(): Unit = convex.client.close()
}

/** As [ClerkConvexClient], with the official client's type: its subscriptions are flows of results. */
public fun createClerkConvexClient(
    deploymentUrl: String,
    context: Context,
    clerk: ClerkSessions,
    networks: Flow<Any?> = emptyFlow(),
    options: ClientOptions = ClientOptions(),
    foreground: Flow<Boolean> = emptyFlow(),
): ConvexClientWithAuth<String> =
    ClerkConvexAuthProvider(clerk, networks, foreground = foreground).createConvexClientWithAuth(deploymentUrl, context, options)

/** A client that follows the session of this provider's Clerk, until it is closed. A provider serves one client. */
public fun ClerkConvexAuthProvider.createConvexClientWithAuth(
    deploymentUrl: String,
    context: Context,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> {
    val open = SupervisorJob()
    val client = ConvexClientWithAuth(deploymentUrl, this, CoroutineScope(open + Dispatchers.Default), options)
    open.complete() // completes when the closed client's coroutines have ended
    open.invokeOnCompletion { close() }
    bind(client, context)
    return client
}
