"""What the product is made of, and whether anything in it is known to be unsafe: `make audit`.

Writes the bill of materials (CycloneDX) to build/sbom.json, and asks the package index's advisories of each library
that is locked. Fails where one is told of. Where the advisories can't be reached it says so: to find nothing is not to
know that nothing is there.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK, TOLD = ROOT / "requirements" / "base.txt", ROOT / "build" / "sbom.json"
BIN = Path(sys.executable).parent
# How long, in seconds, all of them may take together.
PATIENCE = 60


def locked() -> dict[str, str]:
    """Every library that a running installation has, and its version."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", LOCK.read_text(), re.M))


def bill() -> list[str]:
    """Write the bill of materials; gives what is locked and not in it, or in it without a hash."""
    TOLD.parent.mkdir(exist_ok=True)
    command = [str(BIN / "cyclonedx-py"), "requirements", str(LOCK), "--pyproject", str(ROOT / "pyproject.toml")]
    subprocess.run([*command, "--output-reproducible", "-o", str(TOLD)], check=True, capture_output=True)
    parts = json.loads(TOLD.read_text())["components"]
    hashed = {
        (one["name"], one["version"])
        for one in parts
        if any(reference.get("hashes") for reference in one.get("externalReferences", ()))
    }
    return sorted(name for name, version in locked().items() if (name, version) not in hashed)


def advisories() -> tuple[list[str], int]:
    """What is told of the libraries, a line each, and of how many nothing could be asked."""
    ask = [str(BIN / "pip-audit"), "-r", str(LOCK), "--require-hashes", "--disable-pip", "--timeout", "5", "-f", "json"]
    try:
        done = subprocess.run(ask, check=False, capture_output=True, text=True, timeout=PATIENCE)
        parts = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, subprocess.TimeoutExpired):
        return [], len(locked())
    found = [
        f"{one['name']} {one['version']}: {told['id']}, mended in {', '.join(told['fix_versions']) or 'nothing yet'}"
        for one in parts
        for told in one.get("vulns", ())
    ]
    return found, sum("skip_reason" in one for one in parts)


def main() -> None:
    missing = bill()
    if missing:
        sys.exit(f"Not in the bill of materials with a hash: {', '.join(missing)}")
    print(f"{len(locked())} libraries with their hashes are in {TOLD.relative_to(ROOT)}.")
    found, unasked = advisories()
    if found:
        sys.exit("Known to be unsafe:\n" + "\n".join(found))
    if unasked:
        print(
            f"The advisories could not be reached for {unasked} of {len(locked())} libraries: ask again where they can."
        )
    else:
        print("No advisory tells of any of them.")


if __name__ == "__main__":
    main()
