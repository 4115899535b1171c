package com.convexgateway.client

/** A client without signing in. */
fun ConvexGatewayClient(target: String, options: ClientOptions = ClientOptions()): ConvexClient = ConvexClient(target, options)

/** A client whose users are signed in by [auth]. */
fun <T> ConvexGatewayClient(
    target: String,
    auth: AuthProvider<T>,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<T> = ConvexClientWithAuth(target, auth, options = options)

/**
 * A client that takes its tokens from [auth], beginning at once. If nobody is signed in then, or somebody else is later, tell
 * it by [ConvexClientWithAuth.loginFromCache].
 */
fun ConvexGatewayClient(
    target: String,
    auth: TokenSupplier,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> =
    ConvexClientWithAuth(target, SuppliedTokens(auth), options = options).apply { startFromCache() }
