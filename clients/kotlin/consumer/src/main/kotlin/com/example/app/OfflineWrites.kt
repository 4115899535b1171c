package com.example.app

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters
import com.convexgateway.client.Convex
import com.convexgateway.client.ConvexException
import com.convexgateway.client.GatewayError
import com.convexgateway.client.mutation
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject

/**
 * A mutation that is made when there is a network, perhaps by another process: WorkManager keeps its text. The function gets the
 * request id as an argument, and does nothing if it finds it among those that it has stored: so the mutation may be made twice.
 */
@Serializable
data class PendingWrite(val path: String, val requestId: String, val args: JsonObject) {
    override fun toString(): String = Json.encodeToString(serializer(), this)

    companion object {
        fun of(text: String): PendingWrite = Json.decodeFromString(text)
    }
}

/** Makes the mutation. Returns whether it has to be made again. */
suspend fun Convex.send(write: PendingWrite): Boolean = try {
    mutation(write.path, write.args + ("requestId" to write.requestId))
    false
} catch (e: ConvexException.NotSent) {
    true
} catch (e: ConvexException.OutcomeUnknown) {
    true // the request id is for this
} catch (e: GatewayError) {
    e.retryAfterMillis != null
}

/** The work that WorkManager runs when there is a network. */
class SendWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val convex = (applicationContext as App).convex
        val write = PendingWrite.of(inputData.getString("write") ?: return Result.failure())
        return try {
            if (convex.send(write)) Result.retry() else Result.success()
        } catch (e: ConvexException.FunctionError) {
            Result.failure()
        }
    }
}
