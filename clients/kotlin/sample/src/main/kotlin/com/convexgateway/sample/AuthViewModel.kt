package com.convexgateway.sample

import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.client.AuthState
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch

/** The app's screens. */
enum class Screen { LOADING, SIGN_IN, MESSAGES }

/** Selects the screen by the state of the sign-in. */
class AuthViewModel(private val clerk: ClerkConvexClient) : ViewModel() {
    val screen: StateFlow<Screen> = clerk.convex.authState
        .map(::screenFor)
        .stateIn(viewModelScope, SharingStarted.Eagerly, screenFor(clerk.convex.authState.value))

    fun signOut() {
        viewModelScope.launch { clerk.convex.logout(this@AuthViewModel) }
    }

    private fun screenFor(state: AuthState<String>): Screen = when (state) {
        is AuthState.AuthLoading -> Screen.LOADING
        is AuthState.Unauthenticated -> Screen.SIGN_IN
        is AuthState.Authenticated -> Screen.MESSAGES
    }
}
