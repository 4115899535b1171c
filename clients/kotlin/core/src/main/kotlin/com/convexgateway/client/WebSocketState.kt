package com.convexgateway.client

/** State of the connection. The name is the official client's; the connection here is an HTTP/2 one to the gateway. */
public enum class WebSocketState { CONNECTED, CONNECTING }
