package com.example.app

import com.convexgateway.client.Convex
import com.convexgateway.client.mutation
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/** Where to put a file: a signed URL, for instance of R2 or S3, and the file's key there. */
@Serializable
data class UploadTarget(val url: String, val key: String)

/** Stores a file at a signed URL. Returns the id of the row that names it. */
suspend fun upload(convex: Convex, bytes: ByteArray, type: String): String {
    val target = convex.mutation<UploadTarget>("files:uploadUrl")
    send("PUT", target.url, bytes, type)
    return convex.mutation<String>("files:save", mapOf("key" to target.key))
}

/** The response of Convex's own storage. */
@Serializable
data class Stored(val storageId: String)

/** Stores a file in Convex's own storage, whose URLs take POST and return the file's id. */
suspend fun uploadToConvex(convex: Convex, bytes: ByteArray, type: String): String {
    val url = convex.mutation<String>("files:generateUploadUrl")
    val stored = Json.decodeFromString<Stored>(send("POST", url, bytes, type))
    return convex.mutation<String>("files:save", mapOf("storageId" to stored.storageId))
}

private suspend fun send(method: String, url: String, bytes: ByteArray, type: String): String = withContext(Dispatchers.IO) {
    val http = URL(url).openConnection() as HttpURLConnection
    try {
        http.requestMethod = method
        http.doOutput = true
        http.setRequestProperty("Content-Type", type)
        http.setFixedLengthStreamingMode(bytes.size)
        http.outputStream.use { it.write(bytes) }
        if (http.responseCode !in 200..299) throw IOException("the upload ended with ${http.responseCode}")
        http.inputStream.use { it.readBytes().decodeToString() }
    } finally {
        http.disconnect()
    }
}
