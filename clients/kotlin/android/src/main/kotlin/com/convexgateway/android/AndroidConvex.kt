package com.convexgateway.android

import android.content.Context
import com.convexgateway.client.AuthProvider
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.Connection
import com.convexgateway.client.ConvexClient
import com.convexgateway.client.ConvexClientWithAuth
import com.convexgateway.client.ConvexGatewayClient
import com.convexgateway.client.TokenSupplier
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

/**
 * A client without signing in, for an Android app: it follows the app's networks and rests while the app is in the background.
 * Make one in `Application.onCreate`, for as long as the process lives.
 *
 * @param target the gateway: `https://host[:port]`; `http://10.0.2.2:50051` is the development gateway on an emulator's host
 * @param context any context of the app; the application's is kept
 */
public fun AndroidConvex(target: String, context: Context, options: ClientOptions = ClientOptions()): ConvexClient =
    ConvexClient(target, options.of(context)).also { it.follow(context) }

/** As [AndroidConvex], with users whom [auth] signs in. */
public fun <T> AndroidConvex(
    target: String,
    context: Context,
    auth: AuthProvider<T>,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<T> = ConvexGatewayClient(target, auth, options.of(context)).also { it.follow(context) }

/** As [AndroidConvex], with tokens from [auth], beginning at once. */
public fun AndroidConvex(
    target: String,
    context: Context,
    auth: TokenSupplier,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> = ConvexGatewayClient(target, auth, options.of(context)).also { it.follow(context) }

/** These options with the app's id and version for the user agent, unless they have an `app`. */
public fun ClientOptions.of(context: Context): ClientOptions {
    if (app != null) return this
    val version = context.packageManager.getPackageInfo(context.packageName, 0).versionName?.filter { it in '!'..'~' }.orEmpty()
    return copy(app = "${context.packageName}/$version")
}

/**
 * Makes a client follow the app: it connects again when the device changes to another network, and rests while the app is in the
 * background. Ends when the result or the client is closed.
 */
public fun ConvexClient.follow(context: Context): AutoCloseable {
    val app = context.applicationContext // not an Activity, which would live as long as the client
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    scope.launch(start = CoroutineStart.UNDISPATCHED) { networks(app).collect { onNetworkAvailable() } }
    scope.launch(start = CoroutineStart.UNDISPATCHED) { foreground(app).collect { if (it) resume() else pause() } }
    scope.launch {
        connection.first { it.state == Connection.State.CLOSED }
        scope.cancel()
    }
    return AutoCloseable { scope.cancel() }
}
