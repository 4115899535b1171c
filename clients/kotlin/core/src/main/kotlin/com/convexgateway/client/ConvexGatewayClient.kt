package com.convexgateway.client

/** A client without signing in. */
public fun ConvexGatewayClient(target: String, options: ClientOptions = ClientOptions()): ConvexClient = ConvexClient(target, options)

/** A client whose users are signed in by [auth]. */
public fun <T> ConvexGatewayClient(
    target: String,
    auth: AuthProvider<T>,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<T> = ConvexClientWithAuth(target, auth, options = options)

/**
 * A client that gets its tokens from [auth], beginning at once. If no user is signed in then, or another one later, call
 * [ConvexClientWithAuth.loginFromCache].
 */
public fun ConvexGatewayClient(
    target: String,
    auth: TokenSupplier,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> =
    ConvexClientWithAuth(target, SuppliedTokens(auth), options = options).apply { startFromCache() }
