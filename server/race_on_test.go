//go:build race

package server

// raceDetector tells tests that every byte they touch costs thirty times as much.
const raceDetector = true
