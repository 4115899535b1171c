package com.convexgateway.android

import android.app.Activity
import android.content.Context
import android.content.pm.PackageInfo
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import android.os.Build
import android.os.Looper
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.Connection
import com.convexgateway.client.DevGateway
import com.convexgateway.client.Message
import com.convexgateway.client.TokenSupplier
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNetwork
import org.robolectric.shadows.ShadowNetworkCapabilities

/** The library on Android 8 and 15. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 35], manifest = Config.NONE)
class AndroidConvexTest {
    private val context: Context = RuntimeEnvironment.getApplication()

    private fun test(body: suspend CoroutineScope.() -> Unit) = runBlocking {
        withTimeout(180_000) { this@runBlocking.body() }
        coroutineContext.cancelChildren()
    }

    @Test
    fun `the client makes calls and subscriptions`() = test {
        val dev = DevGateway.shared
        AndroidConvex(dev.target, context).use { convex ->
            val channel = mapOf("channel" to "android-${Build.VERSION.SDK_INT}")
            convex.mutation("messages:send", channel + ("body" to "hello"))
            assertEquals("hello", convex.subscribe<List<Message>>("messages:list", channel).first().getOrThrow().last().body)
        }
        AndroidConvex(dev.target, context, TokenSupplier { dev.token("robo") }).use { convex ->
            assertNotNull(convex.query<com.convexgateway.client.Me?>("users:me"))
        }
    }

    @Test
    fun `the user agent has the app's id and version`() {
        shadowOf(context.packageManager).installPackage(PackageInfo().apply { packageName = context.packageName; versionName = "1.2 β" })
        assertEquals("${context.packageName}/1.2", ClientOptions().of(context).app)
        assertEquals("own/1", ClientOptions(app = "own/1").of(context).app)
    }

    @Test
    fun `the app is in the foreground while an activity is started, and 700 ms longer`() = test {
        val seen = mutableListOf<Boolean>()
        val collecting = launch(Dispatchers.Unconfined) { foreground(context).collect { seen += it } }
        val first = Robolectric.buildActivity(Activity::class.java).create().start()
        assertEquals(true, seen.last())
        first.stop()
        shadowOf(Looper.getMainLooper()).idleFor(699, TimeUnit.MILLISECONDS)
        assertEquals(true, seen.last())
        val second = Robolectric.buildActivity(Activity::class.java).create().start()
        shadowOf(Looper.getMainLooper()).idleFor(10, TimeUnit.SECONDS)
        assertEquals(true, seen.last())
        second.stop()
        shadowOf(Looper.getMainLooper()).idleFor(700, TimeUnit.MILLISECONDS)
        assertEquals(listOf(true, false), seen.takeLast(2))
        collecting.cancel()
    }

    private val manager = context.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager

    private fun capabilities(validated: Boolean): NetworkCapabilities = ShadowNetworkCapabilities.newInstance().also {
        if (validated) shadowOf(it).addCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED)
    }

    @Test
    fun `a network is used once it is validated, and not blocked`() = test {
        val seen = mutableListOf<android.net.Network>()
        val collecting = launch(Dispatchers.Unconfined) { networks(context).collect { seen += it } }
        val callback = shadowOf(manager).networkCallbacks.single()
        val mobile = ShadowNetwork.newInstance(7)
        callback.onAvailable(mobile)
        callback.onCapabilitiesChanged(mobile, capabilities(validated = false))
        if (Build.VERSION.SDK_INT >= 29) callback.onBlockedStatusChanged(mobile, false)
        assertEquals(emptyList(), seen)
        callback.onCapabilitiesChanged(mobile, capabilities(validated = true))
        assertEquals(listOf(mobile), seen)
        callback.onCapabilitiesChanged(mobile, capabilities(validated = true))
        assertEquals(listOf(mobile), seen)
        if (Build.VERSION.SDK_INT >= 29) {
            callback.onBlockedStatusChanged(mobile, true)
            callback.onBlockedStatusChanged(mobile, false)
            assertEquals(listOf(mobile, mobile), seen)
        }
        collecting.cancel()
        assertEquals(emptySet(), shadowOf(manager).networkCallbacks)
    }

    @Test
    fun `a client rests in the background, and follows nothing once it is closed`() = test {
        val activity = Robolectric.buildActivity(Activity::class.java).create().start()
        val convex = AndroidConvex(DevGateway.shared.target, context)
        val reader = launch(Dispatchers.Default) { convex.subscribe<List<Message>>("messages:list").collect {} }
        convex.connection.first { it.state == Connection.State.CONNECTED }
        activity.stop()
        shadowOf(Looper.getMainLooper()).idleFor(1, TimeUnit.SECONDS)
        convex.connection.first { it.state == Connection.State.RESTING }
        activity.start()
        shadowOf(Looper.getMainLooper()).idle()
        convex.connection.first { it.state == Connection.State.CONNECTED }
        reader.cancel()
        convex.close()
        while (shadowOf(manager).networkCallbacks.isNotEmpty()) kotlinx.coroutines.yield()
        assertTrue(shadowOf(manager).networkCallbacks.isEmpty())
    }
}
