package com.convexgateway.client

/** Gets what the client and the app's functions log. It may be called from any thread. */
public fun interface ClientLogger {
    /** How much a line matters: [DEBUG] for functions' own lines, [WARN] for what the app should mend. */
    public enum class Level { DEBUG, WARN }

    public fun log(level: Level, message: String, cause: Throwable?)
}

/** Logs, and ignores what a logger throws. */
internal fun ClientOptions.log(level: ClientLogger.Level, cause: Throwable? = null, message: () -> String) {
    val to = logger ?: return
    runCatching { to.log(level, message(), cause) }
}

/** Logs what the function [path] has logged. */
internal fun ClientOptions.logLines(path: String, lines: List<String>) {
    for (line in lines) log(ClientLogger.Level.DEBUG) { "$path: $line" }
}
