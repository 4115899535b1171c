"""Follows the README to the letter: starts `go run . dev`, runs each shell example, and looks for what it must print.

An example is a ```sh block after `<!-- check: REGEX -->` (it ends by itself) or `<!-- stream: REGEX -->` (it is left
running; what it has printed by the end counts). Ends with 1 at the first that does not.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE = 240  # seconds, for the first build


def examples(text):
    pattern = r"<!-- (check|stream): (.*?) -->\n```sh\n(.*?)```"
    return [(kind, re.compile(regex, re.M), script) for kind, regex, script in re.findall(pattern, text, re.S)]


def shell(script, out):
    return subprocess.Popen(["bash", "-euo", "pipefail", "-c", script], stdout=out, stderr=subprocess.STDOUT,
                            stdin=subprocess.DEVNULL, start_new_session=True)


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(path, regex, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if regex.search(text):
            return text
        time.sleep(0.1)
    sys.exit(f"no {regex.pattern!r} within {seconds} s in:\n{text}")


def main():
    with open("README.md", encoding="utf-8") as f:
        found = examples(f.read())
    if len(found) < 5:
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
                code = process.wait(timeout=60)
                wait_for(out, regex, 1)
                if code != 0:
                    sys.exit(f"exit code {code} of:\n{script}")
            for out, regex in streams:
                wait_for(out, regex, 30)
    finally:
        for process in reversed(running):
            stop(process)
    print(f"{len(found)} examples of the README run as it says")


if __name__ == "__main__":
    main()
