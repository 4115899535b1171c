//go:build race

package server

// raceDetector is whether tests run with the race detector, under which every byte costs thirty times as much.
const raceDetector = true
