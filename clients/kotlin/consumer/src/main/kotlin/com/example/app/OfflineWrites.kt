package com.example.app

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters
import com.convexgateway.client.Convex
import com.convexgateway.client.ConvexException
import com.convexgateway.client.GatewayError
import com.convexgateway.client.mutation
import java.util.UUID
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject

/**
 * A mutation that is made when there is a network, perhaps by another process: WorkManager keeps its text. However often it is made
 * within 24 hours, it writes once, because the request id stays.
 */
@Serializable
data class PendingWrite(val path: String, val args: JsonObject, val requestId: String = UUID.randomUUID().toString()) {
    override fun toString(): String = format.encodeToString(serializer(), this)

    companion object {
        private val format = Json { encodeDefaults = true } // so that the request id is kept

        fun of(text: String): PendingWrite = format.decodeFromString(text)
    }
}

/** Makes the mutation. Returns whether it has to be made again; throws if it is refused. */
suspend fun Convex.send(write: PendingWrite): Boolean = try {
    mutation(write.path, write.args, requestId = write.requestId)
    false
} catch (e: ConvexException.NotSent) {
    true
} catch (e: ConvexException.OutcomeUnknown) {
    true // the request id is for this
} catch (e: GatewayError) {
    if (e.retryAfterMillis == null) throw e
    true
}

/** The work that WorkManager runs when there is a network. */
class SendWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val convex = (applicationContext as App).convex
        val write = PendingWrite.of(inputData.getString("write") ?: return Result.failure())
        return try {
            if (convex.send(write)) Result.retry() else Result.success()
        } catch (e: ConvexException) {
            Result.failure()
        }
    }
}
