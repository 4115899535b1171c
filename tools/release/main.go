package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// settings are what the flags set.
type settings struct {
	root, out, version, maven, push string
	platforms                       string // OS/ARCH with commas between
}

func main() {
	var s settings
	flag.StringVar(&s.root, "root", "../..", "the repository's folder")
	flag.StringVar(&s.out, "out", "", "folder for the results, which must be empty or not exist")
	flag.StringVar(&s.version, "version", "", "version of a rehearsal, such as v1.2.3; without it the tag at HEAD")
	flag.StringVar(&s.platforms, "platforms", strings.Join(platforms, ","), "what binaries are made for")
	flag.StringVar(&s.maven, "maven", "", "a folder that clients/kotlin/publish has made for the same version")
	flag.StringVar(&s.push, "push", "", "registry and prefix to which image and chart are written")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, s, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// run makes the release, and writes what it has made.
func run(ctx context.Context, s settings, out io.Writer) error {
	r, err := newRelease(ctx, s)
	if err != nil {
		return err
	}
	var binaries []binary
	for platform := range strings.SplitSeq(s.platforms, ",") {
		b, err := r.build(ctx, platform)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		if err := r.writeBOM(b); err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		fmt.Fprintln(out, b.path)
		binaries = append(binaries, b)
	}
	image, err := r.writeImage(binaries)
	if err != nil {
		return fmt.Errorf("image: %w", err)
	}
	chart, err := r.writeChart()
	if err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	if s.maven != "" {
		if err := r.copyMaven(s.maven); err != nil {
			return fmt.Errorf("maven: %w", err)
		}
	}
	if err := writeChecksums(r.out); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s of %s in %s\n", r.version, r.commit, r.out)
	if s.push == "" {
		return nil
	}
	return r.push(ctx, s.push, image, chart, out)
}
