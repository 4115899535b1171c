// Package websocket is the client's side of RFC 6455, made for many connections that are quiet most of the time. While one
// waits it holds a buffer of half a KiB and nothing else; messages are read into buffers of the caller's, and written from
// shared ones.
//
// It sends and takes text messages only, and takes compressed ones (RFC 7692) but sends none.
//
// Glossary:
//
//	message        the text of one or more data frames
//	control frame  ping, pong or close; at most 125 bytes, also between the frames of a message
//	close frame    the last frame of either side, with a code and a reason
//	window         the last 32 KiB of messages, to which compressed ones may refer
package websocket
