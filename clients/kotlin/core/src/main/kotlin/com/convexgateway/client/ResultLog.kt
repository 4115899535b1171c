package com.convexgateway.client

import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.SubscribeResponse.EventCase

/** Logs the lines of a query's results, over one stream after the other. A result that a stream repeats is not logged again. */
internal class ResultLog(private val path: String, private val log: (path: String, lines: List<String>) -> Unit) {
    private var last: Any? = null // what identifies the last result, but for its value or data: of these there is a hash
    private var mayRepeat = false

    /** Another stream begins. */
    fun begin() {
        mayRepeat = true
    }

    /** Logs the lines of [event], if it is a result. */
    fun add(event: SubscribeResponse) {
        val error = event.functionError
        val (lines, content) = when (event.eventCase) {
            EventCase.VALUE_JSON -> event.logLinesList to event.valueJson.hashCode()
            EventCase.FUNCTION_ERROR -> error.logLinesList to (error.reason to error.dataJson.hashCode()) // its message has the id of the run
            else -> return
        }
        add(lines, content)
    }

    /** Logs the lines of a result; [content] identifies what it is. */
    fun add(lines: List<String>, content: Any) {
        val result = lines to content
        if (!mayRepeat || result != last) log(path, lines)
        last = result
        mayRepeat = false
    }
}
