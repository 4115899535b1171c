/* The part of WorkManager that the recipe uses, declared after its documentation: androidx is not on Maven Central. */
package androidx.work

import android.content.Context

class Data(private val values: Map<String, String>) {
    fun getString(key: String): String? = values[key]
}

class WorkerParameters(val inputData: Data)

abstract class ListenableWorker(val applicationContext: Context, private val parameters: WorkerParameters) {
    val inputData: Data get() = parameters.inputData

    sealed class Result {
        companion object {
            fun success(): Result = Success
            fun retry(): Result = Retry
            fun failure(): Result = Failure
        }
    }

    private data object Success : Result()
    private data object Retry : Result()
    private data object Failure : Result()
}

abstract class CoroutineWorker(context: Context, parameters: WorkerParameters) : ListenableWorker(context, parameters) {
    abstract suspend fun doWork(): Result
}
