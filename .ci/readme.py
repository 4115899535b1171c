"""Follows README.md and docs/*.md to the letter: starts `go run . dev`, runs each shell example, and looks for what it must
print; and finds the target of each link, each quoted source, and the files that docs/architecture.md names.

An example is a ```sh block after `<!-- check: REGEX -->` (it ends by itself) or `<!-- stream: REGEX -->` (it is left
running; what it has printed by the end counts). A shell block without one is a fault. A block after `<!-- source: FILE -->` is
a part of that file, but for its indentation. Ends with 1 at the first fault.
"""

import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

PATIENCE = 240  # seconds, for the first build, and anything else
PAGES = ["README.md", *sorted(glob.glob("docs/*.md"))]
BLOCK = re.compile(r"(?:^<!-- (\w+): ([^\n]*) -->\n)?^```(\w*)\n(.*?)^```$", re.M | re.S)
SHELLS = ("sh", "bash", "shell", "console")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def examples(page):
    """The shell examples of a page, as (kind, regex, script)."""
    found = []
    for kind, argument, language, text in BLOCK.findall(read(page)):
        if kind == "source":
            check_source(page, argument, text)
        elif language in SHELLS:
            if kind not in ("check", "stream") or language != "sh":
                sys.exit(f"{page}: no check or stream is before:\n{text}")
            found.append((kind, re.compile(argument, re.M), text))
        elif kind:
            sys.exit(f"{page}: {kind} is before a block of {language or 'text'}:\n{text}")
    return found


def check_source(page, path, text):
    wanted = text.splitlines()
    lines = read(path).splitlines()
    for i in range(len(lines) - len(wanted) + 1):
        if textwrap.dedent("\n".join(lines[i:i + len(wanted)])).splitlines() == wanted:
            return
    sys.exit(f"{page}: {path} does not contain:\n{text}")


def anchors(page):
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", read(page)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_links():
    """Every relative link of every page leads to a file, and to a heading of it if it names one."""
    for page in subprocess.check_output(["git", "ls-files", "*.md"], text=True).split():
        for target in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", read(page))):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            if not os.path.exists(path) or anchor and anchor not in anchors(path):
                sys.exit(f"{page}: nothing is at {target}")


def check_paths():
    """Every Go file that docs/architecture.md names exists."""
    page = "docs/architecture.md"
    for path in re.findall(r"`([\w.]+/[\w/.]+\.go)`", read(page)):
        if not os.path.exists(path):
            sys.exit(f"{page}: there is no {path}")


def shell(script, out):
    return subprocess.Popen(["bash", "-euo", "pipefail", "-c", script], stdout=out, stderr=subprocess.STDOUT,
                            stdin=subprocess.DEVNULL, start_new_session=True)


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def wait_for(path, regex, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        text = read(path)
        if regex.search(text):
            return text
        time.sleep(0.1)
    sys.exit(f"no {regex.pattern!r} within {seconds} s in:\n{text}")


def main():
    check_links()
    check_paths()
    found = [example for page in PAGES for example in examples(page)]
    if len(found) < 12:
        sys.exit(f"only {len(found)} examples found")
    running = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            dev_out = os.path.join(folder, "dev")
            running.append(shell("exec go run . dev", open(dev_out, "w")))
            wait_for(dev_out, re.compile("Stop with Ctrl-C"), PATIENCE)
            streams = []
            for i, (kind, regex, script) in enumerate(found):
                out = os.path.join(folder, str(i))
                process = shell(script, open(out, "w"))
                running.append(process)
                if kind == "stream":
                    streams.append((out, regex))
                    continue
                code = process.wait(timeout=PATIENCE)
                wait_for(out, regex, 1)
                if code != 0:
                    sys.exit(f"exit code {code} of:\n{script}")
            for out, regex in streams:
                wait_for(out, regex, PATIENCE)
    finally:
        for process in reversed(running):
            stop(process)
    print(f"{len(found)} examples of {len(PAGES)} pages run as they say")


if __name__ == "__main__":
    main()
