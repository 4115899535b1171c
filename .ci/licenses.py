"""Lists the licenses of the modules that are linked into the binary, and fails if one is not allowed.

The license is found by the text of each module's license file; an unknown text is not allowed. Writes docs/licenses.md with
-w, and otherwise fails if that is not current.
"""

import pathlib
import re
import subprocess
import sys

# Each by a sentence that only this license has. All of these require no more than attribution.
ALLOWED = {
    "Apache-2.0": r"Apache License,? Version 2\.0, January 2004",
    "BSD-3-Clause": r"Redistribution and use in source and binary forms.*Neither the name",
    "BSD-2-Clause": r"Redistribution and use in source and binary forms",
    "ISC": r"Permission to use, copy, modify, and/?(or)? distribute this software for any purpose with or without fee",
    "MIT": r"Permission is hereby granted, free of charge, to any person obtaining a copy",
}
REFUSED = r"GNU (AFFERO |LESSER )?GENERAL PUBLIC LICENSE|Mozilla Public License|Business Source License|Server Side Public"
TARGET = pathlib.Path("docs/licenses.md")


def modules():
    form = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"
    out = subprocess.run(["go", "list", "-deps", "-f", form, "."], check=True, capture_output=True, text=True).stdout
    return sorted({tuple(line.split("\t")) for line in out.splitlines() if line})


def license_of(folder):
    files = [f for f in sorted(pathlib.Path(folder).iterdir()) if re.match(r"(?i)(licen[cs]e|copying)", f.name) and f.is_file()]
    if not files:
        return None
    text = " ".join(" ".join(f.read_text(encoding="utf-8") for f in files).split())
    if re.search(REFUSED, text):
        return None
    return next((name for name, words in ALLOWED.items() if re.search(words, text)), None)


def main():
    found = [(path, version, license_of(folder)) for path, version, folder in modules()]
    unknown = [f"{path} {version}" for path, version, name in found if name is None]
    if unknown:
        sys.exit("no license that is allowed: " + ", ".join(unknown))
    if not found:
        sys.exit("no modules found")
    text = "# Licenses\n\nWhat is linked into the binary, besides Go itself (BSD-3-Clause). Written by `.ci/supply -w`.\n\n"
    text += "| module | version | license |\n|---|---|---|\n"
    text += "".join(f"| {path} | {version} | {name} |\n" for path, version, name in found)
    if sys.argv[1:] == ["-w"]:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(text, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
        sys.exit(f"{TARGET} is not current: .ci/supply -w")
    print(f"{len(found)} modules, licenses: {', '.join(sorted({name for *_, name in found}))}")


if __name__ == "__main__":
    main()
