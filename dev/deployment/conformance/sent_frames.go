package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// sentRecording is the file of the messages that this module's client sends in its tests, from the folder of the suite frames.
const sentRecording = "sent.jsonl"

// noise is tests that send invalid messages, to measure the socket.
const noise = "^(TestQueueWaits|TestHugeStartIsNoQueue)$"

// recordSentFrames runs the module's tests of client and gateway, with a client that records every message it sends.
func recordSentFrames(ctx context.Context, dir string) error {
	file, err := filepath.Abs(filepath.Join(dir, sentRecording))
	if err != nil {
		return err
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) { // the client appends
		return err
	}
	c := exec.CommandContext(ctx, "go", "test", "-count=1", "-tags=recordframes", "-skip="+noise,
		"convexgateway/convex/live", "convexgateway/server/...")
	c.Dir = dir
	c.Env = append(os.Environ(), "CONVEX_RECORD_FRAMES="+file,
		"CONVEX_TEST_URL=", "CONVEX_TEST_TOKEN=") // a real deployment's tokens and data are not recorded
	c.WaitDelay = killDelay
	if output, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("tests that record frames: %w\n%s", err, output)
	}
	return nil
}
