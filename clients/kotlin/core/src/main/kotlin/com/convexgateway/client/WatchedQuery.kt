package com.convexgateway.client

import com.convexgateway.v1.WatchQuery
import com.google.protobuf.ByteString

/** A query of a [WatchedGroup], over one stream after the other. */
internal class WatchedQuery(val key: QueryKey, val position: Int, val log: ResultLog) {
    private val args = ByteString.copyFromUtf8(key.args)

    /** Its number on the present stream; 0: the stream does not have it. */
    var target = 0
        private set

    /** Whether the present stream has sent an outcome. */
    var hasOutcome = false

    /** Whether it was removed for a reason that each stream would have. */
    var isRefused = false

    /** The reason for which it was removed last, without an outcome since. */
    var removedFor: String? = null

    var resumeToken = ""
    var result: Outcome? = null // that the token is of

    fun opened(target: Int, group: Int): WatchQuery {
        this.target = target
        hasOutcome = false
        log.begin()
        return WatchQuery.newBuilder().setTarget(target).setGroup(group).setPath(key.path).setArgsJson(args).setResumeToken(resumeToken)
            .setAnonymous(key.isAnonymous).build()
    }

    fun closed() {
        target = 0
    }

    /** Makes the next stream send the result as if there was none. */
    fun forget() {
        resumeToken = ""
        result = null
    }
}
